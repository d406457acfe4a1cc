// Hot: asked once per score of its champion.
using System.IO.Hashing;
using Streaming.Scoring.Definitions;
using Streaming.Scoring.ScoreLogs;

namespace Streaming.Scoring.Serving;

/// <summary>A model beside its champion: the share that it scores in the shadow, and the entities that it answers. Thread-safe.</summary>
public sealed class Challenger
{
    private readonly ulong _from;
    private readonly ulong _until;
    private long _dropped;

    /// <param name="slot">The challenger's own slot.</param>
    /// <param name="challenge">Its shares.</param>
    /// <param name="from">The share of entities that other challengers of the champion answer before it.</param>
    /// <param name="kept">Entries that are kept for later.</param>
    internal Challenger(ModelSlot slot, Challenge challenge, double from, int kept)
    {
        (Slot, Challenge) = (slot, challenge);
        (_from, _until) = (Point(from), Point(Math.Min(1, from + challenge.Canary)));
        Entries = new(slot.Schema, slot.Active.Scorer.Service, kept);
    }

    /// <summary>The challenger's own slot.</summary>
    public ModelSlot Slot { get; }

    /// <summary>Its shares.</summary>
    public Challenge Challenge { get; }

    /// <summary>Requests that were drawn but not scored, because the queue was full.</summary>
    public long Dropped => Interlocked.Read(ref _dropped);

    /// <summary>Entries for requests that it scores.</summary>
    internal ScoreEntryPool Entries { get; }

    /// <summary>
    /// The place of an entity among all: the upper 53 bits of XXH3-64 (seed 0) of its key's UTF-8 bytes. A canary share of 0.05 are the
    /// entities whose place is below 0.05 * 2^53; those of further challengers follow.
    /// </summary>
    public static ulong PlaceOf(ReadOnlySpan<byte> key) => XxHash3.HashToUInt64(key) >> 11;

    /// <summary>Whether it answers for the entity in a place.</summary>
    internal bool Answers(ulong place) => place >= _from && place < _until;

    /// <summary>Whether it scores this request in the shadow.</summary>
    internal bool Draws() => Challenge.Sample >= 1 || (Challenge.Sample > 0 && Random.Shared.NextDouble() < Challenge.Sample);

    /// <summary>A drawn request is not scored.</summary>
    internal void Drop() => Interlocked.Increment(ref _dropped);

    private static ulong Point(double share) => (ulong)(share * (1UL << 53));
}
