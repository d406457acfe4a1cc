using System.Collections.Immutable;
using Streaming.Contracts.Events;

namespace Streaming.Engine.Sources;

/// <summary>
/// The poison events of a partition, and the dead letters that are written already, so that a run that reads again does not repeat
/// them. Immutable: a run keeps the ledger that it began with.
/// </summary>
/// <param name="WrittenUntil">The first offset whose dead letter may not be written yet.</param>
/// <param name="Poison">By offset and feed (its index in the source's plan), the entity's failure.</param>
/// <param name="Unwritten">Offsets of all poison events whose dead letters are not written.</param>
internal sealed record DeadLetterLedger(
    long WrittenUntil, ImmutableDictionary<(long Offset, int Feed), string> Poison, ImmutableHashSet<long> Unwritten)
{
    /// <summary>By offset, the timestamps of the events that are dead letters and stay so (<see cref="SettledEvents"/>).</summary>
    public IReadOnlyDictionary<long, long> Settled { get; init; } = SettledEvents.None;

    /// <summary>No poison, nothing written.</summary>
    public static readonly DeadLetterLedger Empty = new(0, ImmutableDictionary<(long Offset, int Feed), string>.Empty, []);

    /// <summary>Whether a dead letter is yet to be written.</summary>
    public bool IsDue(DeadLetter letter) =>
        letter.Offset >= WrittenUntil || (letter.Reason == DeadLetterReason.Poison && Unwritten.Contains(letter.Offset));

    /// <summary>An event made an entity fail. From now on the feed skips it; other feeds do not.</summary>
    public DeadLetterLedger Failed(long offset, int feed, string cause) =>
        this with { Poison = Poison.SetItem((offset, feed), cause), Unwritten = Unwritten.Add(offset) };

    /// <summary>The dead letters before an offset are written.</summary>
    public DeadLetterLedger Written(long untilOffset, IEnumerable<long> poison) =>
        this with { WrittenUntil = Math.Max(WrittenUntil, untilOffset), Unwritten = Unwritten.Except(poison) };
}
