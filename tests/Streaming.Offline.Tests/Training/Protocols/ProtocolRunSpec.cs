using Streaming.Offline.Training;
using Streaming.Offline.Training.Protocols;

namespace Streaming.Offline.Tests.Training.Protocols;

public sealed class ProtocolRunSpec
{
    private static readonly TrainingSet s_set = Rows.Random(seed: 71, rows: 8_000);

    [Fact]
    public void What_is_best_on_the_validation_folds_is_chosen_and_the_test_folds_are_scored_with_it()
    {
        var protocol = Protocols.Small();
        var result = Run(protocol, 1);
        Assert.Equal(result.Tried.Max(point => point.Validation.AveragePrecision), result.Chosen.Validation.AveragePrecision);
        Assert.Equal(result.Chosen.Validation, MetricSummary.Mean([.. result.Validation.Select(fold => MetricSummary.Of(fold.Metrics))]));
        Assert.Equal(protocol.Test, result.Test.Select(fold => fold.Start));
        var (train, test) = protocol.SplitAt(protocol.Test[0]).Apply(s_set);
        Assert.Equal((train.Rows, test.Rows), (result.Test[0].TrainRows, result.Test[0].Metrics.Rows));
        Assert.Equal(TrainingMetrics.Of(test, result.Test[0].Scores), result.Test[0].Metrics);
        Assert.True(result.Mean.AucRoc > 0.75, $"{result.Mean}");
    }

    [Fact]
    public void The_same_rows_give_the_same_scores_to_the_last_bit()
    {
        var (first, second) = (Run(Protocols.Small(), 1), Run(Protocols.Small(), 1));
        Assert.Equal(first.Tried.Select(point => point.Text), second.Tried.Select(point => point.Text));
        Assert.Equal(first.Test[0].Scores, second.Test[0].Scores);
        Assert.Equal(first.Importance.AsEnumerable(), second.Importance);
    }

    [Fact]
    public void What_lies_in_the_test_folds_does_not_change_what_is_chosen()
    {
        var protocol = Protocols.Small();
        var changed = s_set.Select([.. Enumerable.Range(0, s_set.Rows)]);
        for (var row = 0; row < changed.Rows; row++)
        {
            // The test days of the test fold.
            changed.Labels[row] = changed.TimesMillis[row] >= 14L * 86_400_000 ? row % 2 : changed.Labels[row];
        }

        var (before, after) = (Run(protocol, 1), ProtocolRun.Run(protocol, protocol.Candidates[1], changed, true, _ => { }, CancellationToken.None));
        Assert.Equal(before.Chosen.Text, after.Chosen.Text);
        Assert.Equal(before.Ablation.AsEnumerable(), after.Ablation);
        Assert.NotEqual(before.Mean, after.Mean);
    }

    [Fact]
    public void Without_the_test_folds_only_the_validation_folds_are_shown()
    {
        var protocol = Protocols.Small();
        var result = ProtocolRun.Run(protocol, protocol.Candidates[0], s_set, false, _ => { }, CancellationToken.None);
        Assert.Empty(result.Test);
        Assert.Empty(result.ByMetric);
        Assert.Equal(result.Validation.AsEnumerable(), result.Shown);
    }

    [Fact]
    public void A_trial_ends_when_more_rounds_have_not_helped_for_a_while()
    {
        var text = Protocols.Text.Replace("rounds = 40", "rounds = 4000", StringComparison.Ordinal);
        foreach (var trial in Run(Protocols.Small(text), 1).Tried.GroupBy(point => string.Join(' ', point.Parameters)))
        {
            var (last, best) = (trial.Max(point => point.Rounds), trial.MaxBy(point => point.Validation.AveragePrecision)!.Rounds);
            Assert.True(last < 4_000);
            Assert.True(last - best <= 8, $"{last} rounds, the best at {best}");
        }
    }

    [Fact]
    public void Each_group_is_shown_alone_and_left_out()
    {
        var rows = Run(Protocols.Small(), 1).Ablation;
        Assert.Equal(["no group", "with money alone", "without money", "with risk alone", "without risk", "all"], rows.Select(row => row.Name));
        Assert.Equal(["2 features", "4 features", "3 features", "3 features", "4 features", "5 features"], rows.Select(row => row.Features));
        Assert.True(rows[^1].Validation.AucRoc > rows[0].Validation.AucRoc + 0.1, "amount and risk decide, and leaving them out does not show");
    }

    [Fact]
    public void A_fold_without_frauds_is_told()
    {
        var set = s_set.Select([.. Enumerable.Range(0, s_set.Rows)]);
        Array.Clear(set.Labels);
        var protocol = Protocols.Small();
        var error = Assert.Throws<TrainingException>(() => ProtocolRun.Run(protocol, protocol.Candidates[0], set, true, _ => { }, CancellationToken.None));
        Assert.StartsWith("the fold of 1970-01-01 has ", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_deviation_is_that_of_the_population() =>
        Assert.Equal(new MetricSummary(1, 0, 2), MetricSummary.Deviation([new(1, 5, 2), new(3, 5, 6)]));

    private static CandidateResult Run(TrainingProtocol protocol, int candidate) =>
        ProtocolRun.Run(protocol, protocol.Candidates[candidate], s_set, withTest: true, _ => { }, CancellationToken.None);
}
