using System.Collections.Immutable;
using Microsoft.ML.OnnxRuntime;
using Streaming.Hocon;
using Streaming.Scoring.Drift;
using Streaming.Scoring.Models;

namespace Streaming.Offline.Gate;

/// <summary>One pass of a model file through the gate.</summary>
internal sealed class GateRun(OnnxModel served, ImmutableArray<string> features, GateReference reference, double bound)
{
    private readonly int _columns = served.FeatureCount;

    /// <summary>Everything that the gate looks at.</summary>
    public ImmutableArray<GateCheck> Checks(CancellationToken cancellation)
    {
        var checks = ImmutableArray.CreateBuilder<GateCheck>();
        foreach (var check in All())
        {
            cancellation.ThrowIfCancellationRequested();
            checks.Add(check);
        }

        return checks.ToImmutable();
    }

    private IEnumerable<GateCheck> All()
    {
        var alone = Alone(reference.Rows);
        var rows = Tally(GateCheck.Rows, reference.Expected, alone).ToCheck();
        var exchanged = rows.Passed ? null : new ExchangedFeatures(served, reference, bound).Find();
        yield return exchanged is var (first, second)
            ? rows with
            {
                Finding = Join(rows.Finding, $"with {features[first]} and {features[second]} exchanged all agree: the order differs"),
            }
            : rows;
        yield return Tally(GateCheck.Batches, reference.Expected, InBatches(reference.Rows)).ToCheck();
        foreach (var check in reference.OwnChecks(bound))
        {
            yield return check;
        }

        var hard = reference.HardRows();
        if (hard.Length > 0)
        {
            yield return Tally(GateCheck.Thresholds, reference.Score(hard)!, Alone(hard)).ToCheck();
        }

        yield return Probe(GateCheck.Missing, GateProbes.Missing(reference.Rows, _columns), "");
        var baseline = served.Metadata.Features.SequenceEqual(features) ? served.Metadata.Baseline(served.Path) : [];
        var ranges = GateProbes.Ranges(reference.Rows, _columns, baseline);
        yield return Probe(GateCheck.Ranges, GateProbes.Outside(reference.Rows, _columns, ranges), OutsideTraining(baseline));
    }

    private GateCheck Probe(string name, float[] rows, string finding)
    {
        var answers = Alone(rows);
        if (reference.Score(rows) is { } expected)
        {
            return Tally(name, expected, answers).ToCheck(finding);
        }

        // Given predictions say nothing about other rows. A model that has no score for them is served: the fallback answers there.
        var none = answers.Select((score, row) => (Feature: FeatureOf(row, answers.Length), HasScore: score is >= 0 and <= 1))
            .Where(answer => !answer.HasScore).Select(answer => answer.Feature).Distinct().ToArray();
        var told = none.Length == 0 ? "" : $"no score from 0 to 1, so that the fallback answers, for {string.Join(", ", none)}";
        return new(name, true, answers.Length, null, Join(finding, told));
    }

    // Probes change the features one after the other, each in as many rows; what is left over changes all.
    private string FeatureOf(int row, int rows)
    {
        var each = rows / _columns;
        return row / each < _columns ? features[row / each] : "all at once";
    }

    private string OutsideTraining(ImmutableArray<BaselineHistogram> baseline)
    {
        var outside = new List<string>();
        for (var column = 0; column < Math.Min(_columns, baseline.Length); column++)
        {
            var count = 0;
            for (var at = column; at < reference.Rows.Length; at += _columns)
            {
                count += reference.Rows[at] < (float?)baseline[column].Min || reference.Rows[at] > (float?)baseline[column].Max ? 1 : 0;
            }

            if (count > 0)
            {
                outside.Add($"{features[column]} in {Counted.Of(count, "row")}");
            }
        }

        return outside.Count == 0 ? "" : $"given rows outside of what training had: {string.Join(", ", outside)}";
    }

    private GateTally Tally(string name, double[] expected, double[] answers)
    {
        var tally = new GateTally(name, bound);
        for (var row = 0; row < answers.Length; row++)
        {
            tally.Add(row, expected[row], answers[row]);
        }

        return tally;
    }

    private double[] Alone(float[] rows)
    {
        var scores = new double[rows.Length / _columns];
        for (var row = 0; row < scores.Length; row++)
        {
            scores[row] = Score(rows.AsSpan(row * _columns, _columns));
        }

        return scores;
    }

    private double[] InBatches(float[] rows)
    {
        var scores = new float[rows.Length / _columns];
        try
        {
            served.Score(rows, scores.Length, scores);
        }
        catch (Exception e) when (e is ArithmeticException or OnnxRuntimeException)
        {
            // One row without an answer takes its whole batch with it; which row it is, the single ones say.
            return Alone(rows);
        }

        return Array.ConvertAll(scores, score => (double)score);
    }

    // What scoring answers by the fallback is no number here.
    private double Score(ReadOnlySpan<float> row)
    {
        try
        {
            return served.Score(row);
        }
        catch (Exception e) when (e is ArithmeticException or OnnxRuntimeException)
        {
            return double.NaN;
        }
    }

    private static string Join(string one, string other) => one.Length == 0 ? other : other.Length == 0 ? one : $"{one}; {other}";
}
