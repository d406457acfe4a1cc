using System.Text.Json.Serialization;

namespace Streaming.Node.Http;

/// <summary>How the node is.</summary>
/// <param name="Status">live or ready.</param>
internal sealed record HealthBody(string Status)
{
    /// <summary>What an operator should know although the node is ready; left out if there is nothing.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public NoticeBody[]? Notices { get; init; }

    /// <summary>Why the store of snapshots does not work; left out while it does.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? StoreFault { get; init; }
}

/// <summary>What an operator should know of a partition.</summary>
/// <param name="Topic">Its topic.</param>
/// <param name="Partition">Its number.</param>
/// <param name="Notice">The text for the operator.</param>
/// <param name="NoticedAt">Since when.</param>
internal sealed record NoticeBody(string Topic, int Partition, string Notice, string? NoticedAt);

/// <summary>What /status answers; counts are totals since the start.</summary>
/// <param name="Version">Of the program.</param>
/// <param name="CaughtUp">Whether the node is as new as its log, within streaming.engine.stale-events and stale-after.</param>
/// <param name="AsOf">The newest event time that the node has read; null before the first event.</param>
/// <param name="UptimeSeconds">Since the start.</param>
/// <param name="Model">The model that answers.</param>
/// <param name="Scores">Requests that were scored.</param>
/// <param name="ScoreEvents">How many answers were logged; null if they are not.</param>
/// <param name="EventsApplied">Events of all partitions that are in memory.</param>
/// <param name="Partitions">Each partition that is read.</param>
/// <param name="Entities">Each entity type.</param>
/// <param name="Memory">Entities in memory, against their ceiling.</param>
/// <param name="Checkpoints">The checkpoints of each entity type.</param>
/// <param name="StoreFault">Why the store of snapshots does not work, and checkpoints stand still; null while it does.</param>
/// <param name="Log">The event log; null until it is measured.</param>
/// <param name="LastScores">The newest answers, their keys masked.</param>
internal sealed record StatusBody(
    string Version,
    bool CaughtUp,
    string? AsOf,
    double UptimeSeconds,
    ModelBody Model,
    double Scores,
    ScoreEventsBody? ScoreEvents,
    long EventsApplied,
    PartitionBody[] Partitions,
    EntityBody[] Entities,
    MemoryBody Memory,
    CheckpointBody[] Checkpoints,
    string? StoreFault,
    LogBody? Log,
    IReadOnlyList<RecentScore> LastScores);

/// <summary>Entities in memory, against their ceiling.</summary>
/// <param name="Entities">How many there are.</param>
/// <param name="EntitiesMax">The ceiling of their number.</param>
/// <param name="Bytes">What they take, estimated.</param>
/// <param name="BytesMax">The ceiling of their bytes.</param>
/// <param name="Left">Entities that have left memory for the store.</param>
/// <param name="Recalled">Entities that were read in the store and came back.</param>
/// <param name="Forgotten">Entities that were forgotten since the start, in memory and in the store: they could matter no more.</param>
/// <param name="WaitingPartitions">Partitions that wait for room.</param>
internal sealed record MemoryBody(
    long Entities, long EntitiesMax, long Bytes, long BytesMax, long Left, long Recalled, long Forgotten, int WaitingPartitions);

/// <summary>The model that answers.</summary>
/// <param name="Id">Its name and version, as answers have it.</param>
/// <param name="Service">The feature service that it asks.</param>
/// <param name="Fallbacks">How often its fallback answered.</param>
/// <param name="Fault">Why it does not answer; null if it does.</param>
internal sealed record ModelBody(string Id, string Service, long Fallbacks, string? Fault);

/// <summary>How many answers were logged.</summary>
/// <param name="Logged">Those in the log.</param>
/// <param name="Dropped">Those that the log did not take in time.</param>
internal sealed record ScoreEventsBody(double Logged, double Dropped);

/// <summary>One partition.</summary>
/// <param name="Topic">Its topic.</param>
/// <param name="Partition">Its number.</param>
/// <param name="State">catching_up, live or paused.</param>
/// <param name="Reason">Why it is paused; null if it is not.</param>
/// <param name="PausedSince">When it was paused.</param>
/// <param name="Notice">What an operator should know, such as events that the log lost before they were read.</param>
/// <param name="NoticedAt">When that was noticed.</param>
/// <param name="NextOffset">The offset that is read next.</param>
/// <param name="EndOffset">The offset that the log's next event gets.</param>
/// <param name="LagEvents">How many events it is behind its log.</param>
/// <param name="LagSeconds">How long it is behind its log.</param>
/// <param name="LagEventTimeSeconds">The clock minus the newest event time, below 0 for events from the future; null before the first
/// event.</param>
/// <param name="RestartOffset">Where a restart begins to read: all before it is in snapshots.</param>
/// <param name="HistoryFrom">Since when there are events behind the features, where their windows reach further back; else null.</param>
/// <param name="Watermark">The newest event time applied, as events claim it; null before the first event.</param>
/// <param name="Applied">Events that are in memory.</param>
/// <param name="DeadLettered">Events that were set aside.</param>
/// <param name="Late">Events that were older than what their entity keeps; one that is late for two entities counts twice.</param>
/// <param name="Duplicates">Events that their entity had before and that were not applied again; one that two entities had counts
/// twice.</param>
/// <param name="AheadOfClock">Events that were ahead of the node's clock by more than a minute.</param>
/// <param name="HeldBack">Offsets held back by an open transaction: its own, and committed ones after it.</param>
internal sealed record PartitionBody(
    string Topic,
    int Partition,
    string State,
    string? Reason,
    string? PausedSince,
    string? Notice,
    string? NoticedAt,
    long NextOffset,
    long EndOffset,
    long LagEvents,
    double LagSeconds,
    double? LagEventTimeSeconds,
    long RestartOffset,
    string? HistoryFrom,
    string? Watermark,
    long Applied,
    long DeadLettered,
    long Late,
    long Duplicates,
    long AheadOfClock,
    long HeldBack);

/// <summary>One entity type.</summary>
/// <param name="Entity">Its name.</param>
/// <param name="Count">How many are in memory.</param>
/// <param name="StateBytes">What they take.</param>
internal sealed record EntityBody(string Entity, long Count, long StateBytes);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(HealthBody))]
[JsonSerializable(typeof(StatusBody))]
[JsonSerializable(typeof(DriftBody))]
[JsonSerializable(typeof(ModelsBody))]
[JsonSerializable(typeof(PartitionBody[]))]
internal sealed partial class NodeJson : JsonSerializerContext;
