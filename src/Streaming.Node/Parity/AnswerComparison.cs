using System.Globalization;
using Streaming.Engine;
using Streaming.Engine.Replays;
using Streaming.Features.Events;
using Streaming.Features.Plans;
using Streaming.Features.Serving;
using Streaming.Features.State;
using Streaming.Scoring.Turns;

namespace Streaming.Node.Parity;

/// <summary>Compares answers with what the log gives for them: every value, its status and event time, and the score. Pure.</summary>
internal static class AnswerComparison
{
    /// <summary>What differs; nothing where the answer is right.</summary>
    /// <param name="answer">The answer.</param>
    /// <param name="recomputed">What the log gives, one for each read of the answer, none of them skipped.</param>
    public static List<AnswerDifference> Differences(SampledAnswer answer, ReadOnlySpan<RecomputedRead> recomputed)
    {
        var differences = new List<AnswerDifference>();
        for (var i = 0; i < recomputed.Length; i++)
        {
            AddReads(differences, answer.Reads[i], recomputed[i]);
        }

        if (answer.Score is { } score && differences.Count == 0)
        {
            AddScore(differences, score);
        }

        return differences;
    }

    private static void AddReads(List<AnswerDifference> differences, PinnedRead read, RecomputedRead recomputed)
    {
        var entity = $"{read.Plan.Entity.Name}/{Mask.Key(read.Key)}";
        if (recomputed.Outcome != ReadOutcome.Done)
        {
            differences.Add(new AnswerDifference("the read", entity, nameof(ReadOutcome.Done), recomputed.Outcome.ToString()));
            return;
        }

        foreach (var (slot, feature) in read.Plan.Slots.Zip(read.Plan.Features))
        {
            if (read.Values[slot] != recomputed.Values[slot])
            {
                differences.Add(new AnswerDifference(feature, entity, Text(read.Values[slot]), Text(recomputed.Values[slot])));
            }
        }
    }

    // The values are the log's by now: what the model makes of them must be what was answered.
    private static void AddScore(List<AnswerDifference> differences, SampledScore score)
    {
        var scorer = score.Scorer;
        var vector = new float[score.Vector.Length];
        scorer.Service.Assemble(score.Values, score.Request, 0, vector);
        for (var i = 0; i < vector.Length; i++)
        {
            if (!vector[i].Equals(score.Vector[i]))
            {
                Add(scorer.Service.FeatureNames[i], Text(score.Vector[i]), Text(vector[i]));
            }
        }

        // A fallback is no function of the values; and a version that was swapped meanwhile cannot be asked again.
        if (!score.Result.IsFallback
            && scorer.Score(score.Request, 0, score.Values, vector) is { IsFallback: false } again && again != score.Result)
        {
            Add("the score", score.Result.ToString(), again.ToString());
        }

        void Add(string what, string answered, string again) =>
            differences.Add(new AnswerDifference(what, scorer.ModelId, answered, again));
    }

    private static string Text(double number) => number.ToString("R", CultureInfo.InvariantCulture);

    private static string Text(in FeatureValue value) => value.EventTimeMillis == long.MinValue
        ? $"{value.Text ?? Text(value.Number)} ({value.Status})"
        : $"{value.Text ?? Text(value.Number)} ({value.Status}, {new EventTime(value.EventTimeMillis)})";
}
