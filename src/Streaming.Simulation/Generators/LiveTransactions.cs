using System.Runtime.CompilerServices;
using Streaming.Features.Events;

namespace Streaming.Simulation.Generators;

/// <summary>
/// A generator's transactions in their order, but happening now: the event times come from the caller. The profile of the day is
/// for histories; here the rate is the caller's. Ids go on from the given day, so a stream that starts on the day after a history
/// repeats none of its ids. Used by one caller at a time.
/// </summary>
public sealed class LiveTransactions
{
    /// <summary>The most transactions that <see cref="AtRateAsync"/> yields at once, however far it is behind.</summary>
    public const int MaxBatch = 10_000;

    private static readonly TimeSpan s_tick = TimeSpan.FromMilliseconds(10);
    private readonly TransactionGenerator _generator;
    private TransactionDay _day;
    private int _row;

    /// <param name="generator">Where the transactions come from.</param>
    /// <param name="firstDay">The generator's day to begin with.</param>
    public LiveTransactions(TransactionGenerator generator, int firstDay)
    {
        ArgumentNullException.ThrowIfNull(generator);
        _generator = generator;
        _day = generator.Day(firstDay);
    }

    /// <summary>The next transaction, happening at the given time.</summary>
    public GeneratedTransaction Next(EventTime at)
    {
        while (_row == _day.Count)
        {
            _day = _generator.Day(_day.Index + 1);
            _row = 0;
        }

        return _day[_row++] with { TimeMillis = at.Millis };
    }

    /// <summary>
    /// Fills <paramref name="into"/> with the next transactions, spread evenly over the interval; the last is at its end.
    /// </summary>
    public void Take(Span<GeneratedTransaction> into, EventTime fromExclusive, EventTime untilInclusive)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(untilInclusive.Millis, fromExclusive.Millis);
        var step = (untilInclusive.Millis - fromExclusive.Millis) / (double)into.Length;
        for (var i = 0; i < into.Length; i++)
        {
            into[i] = Next(new EventTime(untilInclusive.Millis - (long)(step * (into.Length - 1 - i))));
        }
    }

    /// <summary>
    /// An open loop: yields what is due by the clock, whether or not the consumer keeps up, with event times since the
    /// previous yield. A consumer that fell behind gets what it missed, in batches of at most <see cref="MaxBatch"/>.
    /// </summary>
    /// <param name="eventsPerSecond">More than 0.</param>
    /// <param name="clock">Gives event times and waits.</param>
    /// <param name="cancellation">Ends the stream with an <see cref="OperationCanceledException"/>.</param>
    /// <returns>Batches; each is the consumer's until it asks for the next.</returns>
    public async IAsyncEnumerable<ReadOnlyMemory<GeneratedTransaction>> AtRateAsync(
        double eventsPerSecond, TimeProvider clock, [EnumeratorCancellation] CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(clock);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(eventsPerSecond);
        var buffer = new GeneratedTransaction[Math.Min(MaxBatch, (int)eventsPerSecond + 1)];
        using var timer = new PeriodicTimer(s_tick, clock);
        var started = clock.GetTimestamp();
        var previous = new EventTime(clock.GetUtcNow().ToUnixTimeMilliseconds());
        long yielded = 0;
        while (await timer.WaitForNextTickAsync(cancellation))
        {
            for (var due = Due(); due > 0; due = Due())
            {
                var now = new EventTime(Math.Max(previous.Millis, clock.GetUtcNow().ToUnixTimeMilliseconds()));
                var count = (int)Math.Min(due, buffer.Length);
                Take(buffer.AsSpan(0, count), previous, now);
                (previous, yielded) = (now, yielded + count);
                yield return buffer.AsMemory(0, count);
                cancellation.ThrowIfCancellationRequested();
            }
        }

        long Due() => (long)(clock.GetElapsedTime(started).TotalSeconds * eventsPerSecond) - yielded;
    }
}
