using System.Globalization;
using Streaming.Hocon;

namespace Streaming.Simulation.Seeding;

/// <summary>
/// Prints the progress of a seed: a line a second while it writes history, then one every ten seconds, and one at each change of
/// phase.
/// </summary>
public sealed class SeedProgressNotes(Action<string> note, TimeProvider time) : IProgress<SeedProgress>
{
    private static readonly TimeSpan s_every = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan s_settled = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan s_everyLive = TimeSpan.FromSeconds(10);
    private long _notedTicks = time.GetTimestamp();
    private long _writtenTicks = long.MaxValue;

    /// <summary>The newest report.</summary>
    public SeedProgress Last { get; private set; }

    /// <summary>
    /// Whether the history is written, with those of its labels that are known, and has been for a second: by then what it takes to begin
    /// with live events is in memory too. Thread-safe.
    /// </summary>
    public bool IsHistoryWritten =>
        Volatile.Read(ref _writtenTicks) is var ticks and not long.MaxValue && time.GetElapsedTime(ticks) >= s_settled;

    /// <inheritdoc/>
    public void Report(SeedProgress value)
    {
        var begins = value.Phase != Last.Phase;
        Last = value;
        if (value.Phase is not SeedPhase.History)
        {
            Interlocked.CompareExchange(ref _writtenTicks, time.GetTimestamp(), long.MaxValue);
        }

        if (begins || time.GetElapsedTime(_notedTicks) >= (value.Phase is SeedPhase.Live ? s_everyLive : s_every))
        {
            _notedTicks = time.GetTimestamp();
            note(Line(value));
        }
    }

    private static string Line(SeedProgress value)
    {
        var counts = string.Create(
            CultureInfo.InvariantCulture,
            $"{Counted.Of(value.Transactions, "transaction")}, {Counted.Of(value.Clicks, "click")}, {Counted.Of(value.Labels, "label")}");
        return value.Phase switch
        {
            SeedPhase.History => $"seed: day {value.DaysDone} of {value.Days}, {counts}",
            SeedPhase.Live => $"seed: live, {counts} so far",
            _ => $"seed: history written, {counts}; no live events at a rate of 0",
        };
    }
}
