using Streaming.Offline.Training.Costs;

namespace Streaming.Offline.Tests.Training.Costs;

public sealed class CostThresholdsSpec
{
    [Fact]
    public void They_cost_what_the_best_of_all_pairs_costs()
    {
        var random = new Random(101);
        for (var round = 0; round < 300; round++)
        {
            var (labels, scores, missed) = Random(random);
            var (alarm, review) = ((double)random.Next(30), random.Next(8) / 2.0);
            var rows = new CostedRows(labels, scores, missed);
            var best = CostThresholds.Best(rows, alarm, review);
            double[] all = [.. scores, double.PositiveInfinity];
            var least = all.Min(at => all.Where(decline => decline >= at).Min(decline => Cost(labels, scores, missed, at, decline, alarm, review)));
            Assert.Equal(least, best.Cost, 1e-9);
            Assert.Equal(least, Cost(labels, scores, missed, best.Review, best.Decline, alarm, review), 1e-9);
            Assert.Equal(least, best.CostOf(rows, alarm, review), 1e-9);
        }
    }

    [Fact]
    public void Where_looking_costs_more_than_losing_everything_is_approved()
    {
        var best = CostThresholds.Best(new CostedRows([1, 0], [0.9, 0.1], [5, 5]), falseAlarm: 0, review: 100);
        Assert.Equal((0.9, 0.0), (best.Review, best.Cost));
        best = CostThresholds.Best(new CostedRows([1, 0], [0.5, 0.5], [5, 5]), falseAlarm: 50, review: 100);
        Assert.Equal(new CostThresholds(double.PositiveInfinity, double.PositiveInfinity, 5), best);
    }

    [Fact]
    public void The_curve_is_what_one_threshold_costs()
    {
        var (labels, scores, missed) = Random(new Random(102));
        foreach (var point in CostCurve.Of(new CostedRows(labels, scores, missed), falseAlarm: 7, review: 1))
        {
            Assert.Equal(Cost(labels, scores, missed, point.Score, point.Score, 7, 1), point.Declined, 1e-9);
            Assert.Equal(Cost(labels, scores, missed, point.Score, double.PositiveInfinity, 7, 1), point.Reviewed, 1e-9);
        }
    }

    private static (float[] Labels, double[] Scores, double[] Missed) Random(Random random)
    {
        var rows = random.Next(1, 30);
        return (
            [.. Enumerable.Range(0, rows).Select(_ => (float)random.Next(2))],
            [.. Enumerable.Range(0, rows).Select(_ => random.Next(12) / 12.0)],
            [.. Enumerable.Range(0, rows).Select(_ => (double)random.Next(100))]);
    }

    private static double Cost(float[] labels, double[] scores, double[] missed, double review, double decline, double alarmCost, double reviewCost)
    {
        var cost = 0.0;
        for (var row = 0; row < labels.Length; row++)
        {
            cost += scores[row] >= decline ? (labels[row] == 1 ? 0 : alarmCost) : scores[row] >= review ? reviewCost : labels[row] == 1 ? missed[row] : 0;
        }

        return cost;
    }
}
