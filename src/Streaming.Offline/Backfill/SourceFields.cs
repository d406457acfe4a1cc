using Streaming.Features.Events;

namespace Streaming.Offline.Backfill;

/// <summary>What is read of a source's events.</summary>
/// <param name="Wanted">Per field whether its values are needed, keys apart.</param>
/// <param name="Keys">The fields that name entities.</param>
/// <param name="Time">The field of the event time.</param>
/// <param name="LogTime">The field that says when an event was in the log; null where that is its event time.</param>
internal sealed record SourceFields(bool[] Wanted, int[] Keys, int Time, int? LogTime)
{
    /// <summary>The fields by which events are told to be the same; files need not have them.</summary>
    public int[] Ids { get; init; } = [];

    /// <summary>The field that an event's id is.</summary>
    public int Id { get; init; }

    /// <summary>Whether the files are known to be in order, so that nobody need look.</summary>
    public bool AreSorted { get; init; }

    /// <summary>How many bits of a place an offset has; the partition is before it.</summary>
    public const int OffsetBits = 36;

    /// <summary>The field with an event's place in the log; null where the files' order is all that is known of it.</summary>
    public int? Place { get; init; }
}

/// <summary>The event ids of a chunk: whole numbers or texts.</summary>
internal sealed record EventIds(long[]? Integers, TextColumn? Texts);
