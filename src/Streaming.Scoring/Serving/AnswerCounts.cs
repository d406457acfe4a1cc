// Hot: counted once per score.
using System.Numerics;

namespace Streaming.Scoring.Serving;

/// <summary>
/// Counts the answers of one version of a model, and how long they took. Thread-safe; adding takes no lock and allocates nothing.
/// </summary>
public sealed class AnswerCounts
{
    private const int CellsPerOctave = 4;
    private const int Octaves = 40;
    private readonly long[] _latencies = new long[CellsPerOctave * Octaves];
    private long _answers;
    private long _fallbacks;
    private long _modelFaults;

    /// <summary>Answers so far, fallbacks included.</summary>
    public long Answers => Interlocked.Read(ref _answers);

    /// <summary>Answers that were the declared fallback.</summary>
    public long Fallbacks => Interlocked.Read(ref _fallbacks);

    /// <summary>Those of them that were the model's fault, and not that of what it needs.</summary>
    public long ModelFaults => Interlocked.Read(ref _modelFaults);

    /// <summary>Counts an answer.</summary>
    public void Add(in ScoreResult result, TimeSpan latency)
    {
        Interlocked.Increment(ref _answers);
        Interlocked.Increment(ref _latencies[CellOf((ulong)Math.Max(0, latency.Ticks))]);
        if (result.IsFallback)
        {
            Interlocked.Increment(ref _fallbacks);
            if (FallbackCauseNames.IsModel(result.Cause))
            {
                Interlocked.Increment(ref _modelFaults);
            }
        }
    }

    /// <summary>The latency that a share of the answers had at the least, rounded down by up to a fifth; zero before the first.</summary>
    public TimeSpan Latency(double quantile)
    {
        var above = (long)((1 - quantile) * _latencies.Sum());
        for (var cell = _latencies.Length - 1; cell >= 0; cell--)
        {
            above -= Interlocked.Read(ref _latencies[cell]);
            if (above < 0)
            {
                return TimeSpan.FromTicks(LowerBound(cell));
            }
        }

        return TimeSpan.Zero;
    }

    // Four cells for each power of two of 100 ns: 4, 5, 6 and 7 quarters of it.
    private static int CellOf(ulong ticks)
    {
        if (ticks < CellsPerOctave)
        {
            return (int)ticks;
        }

        var octave = BitOperations.Log2(ticks);
        return Math.Min(((octave - 1) * CellsPerOctave) + (int)((ticks >> (octave - 2)) & 3), (CellsPerOctave * Octaves) - 1);
    }

    private static long LowerBound(int cell) =>
        cell < CellsPerOctave ? cell : (long)(CellsPerOctave + (cell % CellsPerOctave)) << ((cell / CellsPerOctave) - 1);
}
