// Hot: counted once per shadow score.
using System.Collections.Immutable;

namespace Streaming.Scoring.Serving;

/// <summary>How a version's scores compare with the champion's on the same requests. Thread-safe.</summary>
public sealed class ShadowCounts
{
    private static readonly int s_decisions = Enum.GetValues<Decision>().Length;
    private readonly long[] _pairs = new long[s_decisions * s_decisions];
    private readonly long[] _differences = new long[Bounds.Length + 1];
    private long _failed;
    private long _skipped;
    private double _sum;
    private double _largest;

    /// <summary>The upper bounds of the cells of <see cref="Differences"/>, inclusive; the last cell has none.</summary>
    public static ImmutableArray<double> Bounds { get; } = [0.001, 0.005, 0.01, 0.05, 0.1, 0.2, 0.5];

    /// <summary>Requests that both scored.</summary>
    public long Compared => _pairs.Sum();

    /// <summary>Those on which both decided the same.</summary>
    public long Agreed => Enumerable.Range(0, s_decisions).Sum(i => Interlocked.Read(ref _pairs[(i * s_decisions) + i]));

    /// <summary>Requests that the version could not score.</summary>
    public long Failed => Interlocked.Read(ref _failed);

    /// <summary>Requests that were answered by the champion's fallback: there is nothing to compare with.</summary>
    public long Skipped => Interlocked.Read(ref _skipped);

    /// <summary>The mean of the distance of the scores; NaN before the first.</summary>
    public double MeanDifference => Volatile.Read(ref _sum) / Compared;

    /// <summary>The largest distance of the scores.</summary>
    public double LargestDifference => Volatile.Read(ref _largest);

    /// <summary>How often the distance was in each cell of <see cref="Bounds"/>.</summary>
    public ImmutableArray<long> Differences => [.. _differences];

    /// <summary>The sum of the distances.</summary>
    public double SumOfDifferences => Volatile.Read(ref _sum);

    /// <summary>How often the champion decided one and the version the other.</summary>
    public long Pairs(Decision champion, Decision challenger) =>
        Interlocked.Read(ref _pairs[((int)champion * s_decisions) + (int)challenger]);

    /// <summary>Counts a pair. For one caller at a time.</summary>
    internal void Add(in ScoreResult champion, in ScoreResult challenger)
    {
        if (champion.IsFallback)
        {
            Interlocked.Increment(ref _skipped);
        }
        else if (challenger.IsFallback)
        {
            Interlocked.Increment(ref _failed);
        }
        else
        {
            var difference = Math.Abs(champion.Score - challenger.Score);
            Volatile.Write(ref _sum, _sum + difference);
            Volatile.Write(ref _largest, Math.Max(_largest, difference));
            Interlocked.Increment(ref _differences[CellOf(difference)]);
            Interlocked.Increment(ref _pairs[((int)champion.Decision * s_decisions) + (int)challenger.Decision]);
        }
    }

    private static int CellOf(double difference)
    {
        var cell = 0;
        while (cell < Bounds.Length && difference > Bounds[cell])
        {
            cell++;
        }

        return cell;
    }
}
