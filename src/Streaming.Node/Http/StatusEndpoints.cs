using System.Text.Json;
using System.Text.Json.Serialization;
using Streaming.Engine;
using Streaming.Features.Events;
using Streaming.Features.Serving;
using Streaming.Node.Settings;
using Streaming.Scoring;

namespace Streaming.Node.Http;

/// <summary>GET /health/live, /health/ready, /status and the page at /.</summary>
internal sealed class StatusEndpoints(NodeParts parts, NodeSettings settings, NodeMetrics metrics, RecentScores recent)
{
    private readonly IFeatureStore _store = parts.Store;
    private readonly IEngineStatus _engine = parts.Engine;
    private readonly Scorer _scorer = parts.Champion;
    private readonly TimeProvider _clock = parts.Clock;
    private readonly long _startedTicks = parts.Clock.GetTimestamp();
    private readonly byte[] _page = ReadPage();

    /// <summary>The process answers and its engine runs; an engine that has lost a part does not recover it.</summary>
    public Task LiveAsync(HttpContext context) => _engine.Fault is { } fault
        ? Problems.EngineGone(fault).WriteAsync(context)
        : WriteAsync(context, new HealthBody("live"), NodeJson.Default.HealthBody);

    /// <summary>
    /// Ready means that everything the log held at the start is in memory and compacted. A later outage is a notice: the node still
    /// answers, and says how old its answers are.
    /// </summary>
    public Task ReadyAsync(HttpContext context) =>
        _engine.Fault is { } fault ? Problems.EngineGone(fault).WriteAsync(context) : parts.IsReady
        ? WriteAsync(context, Ready(), NodeJson.Default.HealthBody)
        : Problems.CatchingUp(WritePartitions).WriteAsync(context);

    /// <summary>Figures for the page; totals, of which the page makes rates.</summary>
    public Task StatusAsync(HttpContext context) => WriteAsync(context, Status(), NodeJson.Default.StatusBody);

    /// <summary>The page.</summary>
    public async Task PageAsync(HttpContext context)
    {
        context.Response.ContentType = "text/html; charset=utf-8";
        context.Response.ContentLength = _page.Length;
        context.Response.Headers.ContentSecurityPolicy = PageHeaders.StatusPage;
        await context.Response.BodyWriter.WriteAsync(_page, context.RequestAborted);
    }

    private StatusBody Status() => new(
        NodeVersion.Current,
        _store.IsCaughtUp,
        _store.NewestEventTime == EventTime.None ? null : _store.NewestEventTime.ToString(),
        _clock.GetElapsedTime(_startedTicks).TotalSeconds,
        new ModelBody(_scorer.ModelId, _scorer.Service.Name, _scorer.Fallbacks, _scorer.Fault),
        metrics.Scores,
        !settings.Score.Log || parts.Scores is null ? null : new ScoreEventsBody(metrics.ScoreEvents, metrics.DroppedScoreEvents),
        _engine.Partitions.Sum(partition => partition.Applied),
        [.. _engine.Partitions.Select(BodyOf)],
        [.. _engine.Entities.Select(entity => new EntityBody(entity.Entity, entity.Count, entity.StateBytes))],
        recent.ToList());

    private PartitionBody BodyOf(PartitionStatus partition) => new(
        partition.Partition.Topic,
        partition.Partition.Partition,
        partition.State switch { PartitionState.CatchingUp => "catching_up", PartitionState.Live => "live", _ => "paused" },
        partition.Reason,
        TimeOf(partition.PausedSince),
        partition.Notice,
        TimeOf(partition.NoticedAt),
        partition.NextOffset,
        partition.EndOffset,
        Lag.Events(partition),
        Lag.Time(partition, _clock).TotalSeconds,
        Lag.EventTime(partition, _clock)?.TotalSeconds,
        partition.Watermark == EventTime.None ? null : partition.Watermark.ToString(),
        partition.Applied,
        partition.DeadLettered,
        partition.Late,
        partition.AheadOfClock,
        partition.HeldBack);

    // As event times are written.
    private static string? TimeOf(DateTimeOffset? time) => time is { } at ? new EventTime(at.ToUnixTimeMilliseconds()).ToString() : null;

    private HealthBody Ready()
    {
        NoticeBody[] notices = [.. _engine.Partitions.SelectMany(NoticesOf)];
        return new("ready") { Notices = notices.Length > 0 ? notices : null };
    }

    private static IEnumerable<NoticeBody> NoticesOf(PartitionStatus partition)
    {
        var (topic, number) = (partition.Partition.Topic, partition.Partition.Partition);
        if (partition.State == PartitionState.Paused)
        {
            yield return new(topic, number, $"paused: {partition.Reason}", TimeOf(partition.PausedSince));
        }

        if (partition.Notice is { } notice)
        {
            yield return new(topic, number, notice, TimeOf(partition.NoticedAt));
        }
    }

    private void WritePartitions(Utf8JsonWriter writer)
    {
        writer.WritePropertyName("partitions");
        JsonSerializer.Serialize(writer, [.. _engine.Partitions.Select(BodyOf)], NodeJson.Default.PartitionBodyArray);
    }

    private static async Task WriteAsync<T>(HttpContext context, T body, System.Text.Json.Serialization.Metadata.JsonTypeInfo<T> type)
    {
        context.Response.ContentType = "application/json; charset=utf-8";
        context.Response.Headers.CacheControl = "no-store";
        await JsonSerializer.SerializeAsync(context.Response.BodyWriter, body, type, context.RequestAborted);
    }

    private static byte[] ReadPage()
    {
        using var stream = typeof(StatusEndpoints).Assembly.GetManifestResourceStream("index.html")
            ?? throw new InvalidOperationException("index.html is not embedded; see EmbeddedResource of Streaming.Node.csproj");
        using var copy = new MemoryStream();
        stream.CopyTo(copy);
        return copy.ToArray();
    }
}

/// <summary>How the node is.</summary>
/// <param name="Status">live or ready.</param>
internal sealed record HealthBody(string Status)
{
    /// <summary>What an operator should know although the node is ready; left out if there is nothing.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public NoticeBody[]? Notices { get; init; }
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
    IReadOnlyList<RecentScore> LastScores);

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
/// <param name="Watermark">The newest event time applied, as events claim it; null before the first event.</param>
/// <param name="Applied">Events that are in memory.</param>
/// <param name="DeadLettered">Events that were set aside.</param>
/// <param name="Late">Events that were older than what their entity keeps; one that is late for two entities counts twice.</param>
/// <param name="AheadOfClock">Events that were ahead of the node's clock by more than streaming.engine.future-tolerance.</param>
/// <param name="HeldBack">Offsets that an open transaction holds back, its own and what others committed behind it.</param>
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
    string? Watermark,
    long Applied,
    long DeadLettered,
    long Late,
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
[JsonSerializable(typeof(PartitionBody[]))]
internal sealed partial class NodeJson : JsonSerializerContext;
