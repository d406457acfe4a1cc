using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;

namespace Streaming.Engine.Checkpoints;

/// <summary>
/// What a source of a partition must know after a restart, besides its restart point. It lies in a slot of its own, as that slot's
/// manifest. Losing it costs dead letters that are written again under the same ids, and a run for each poison event.
/// </summary>
/// <param name="Group">The consumer group it is for: another name forgets all of it.</param>
/// <param name="TopicIdentity">The topic: one of the same name that was made again has nothing in common with it.</param>
/// <param name="Definitions">The fingerprint of what events are checked by. Other definitions have other dead letters.</param>
/// <param name="JudgedOffset">The offset before which all dead letters are written.</param>
/// <param name="Schemas">The schema ids that the registry has given, of events before that offset.</param>
/// <param name="Poison">The newest events that made an entity fail.</param>
internal sealed record SourceLedger(
    string Group,
    string TopicIdentity,
    string Definitions,
    long JudgedOffset,
    ImmutableSortedSet<int> Schemas,
    ImmutableArray<PoisonEvent> Poison)
{
    /// <summary>The most poison events that are kept; an older one costs a run again.</summary>
    public const int PoisonMax = 1_000;

    /// <summary>
    /// The time of the first record that the state was built from, where retention had deleted others before it and a window still reaches
    /// further back, milliseconds since 1970; null where nothing is missing.
    /// </summary>
    public long? HistoryFrom { get; init; }

    /// <summary>The ledger of a source that has read nothing.</summary>
    public static SourceLedger Empty(string group, string topicIdentity, ulong definitions) =>
        new(group, topicIdentity, definitions.ToString("x16", CultureInfo.InvariantCulture), 0, [], []);

    /// <summary>What of this ledger holds for a source: all, its schemas where definitions have changed, or nothing.</summary>
    public SourceLedger For(SourceLedger now) =>
        Group != now.Group || TopicIdentity != now.TopicIdentity ? now
        : Definitions != now.Definitions ? now with { Schemas = Schemas }
        : this;

    /// <summary>The ledger as bytes: JSON in UTF-8, for people too.</summary>
    public byte[] ToBytes() => JsonSerializer.SerializeToUtf8Bytes(this);

    /// <summary>Reads what <see cref="ToBytes"/> wrote.</summary>
    /// <returns>Null for anything else: it is made again.</returns>
    public static SourceLedger? TryRead(ReadOnlySpan<byte> bytes)
    {
        try
        {
            return JsonSerializer.Deserialize<SourceLedger>(bytes) is { Group: not null, TopicIdentity: not null } read
                && read.Definitions is not null && read.Schemas is not null && !read.Poison.IsDefault ? read : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}

/// <summary>An event that made an entity fail; its feed skips it.</summary>
/// <param name="Offset">The event.</param>
/// <param name="Feed">The feed's index in the source's plan.</param>
/// <param name="Cause">The failure.</param>
/// <param name="IsWritten">Whether its dead letter is written.</param>
internal sealed record PoisonEvent(long Offset, int Feed, string Cause, bool IsWritten);
