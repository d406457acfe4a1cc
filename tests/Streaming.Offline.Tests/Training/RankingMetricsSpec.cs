using Streaming.Offline.Training;

namespace Streaming.Offline.Tests.Training;

public class RankingMetricsSpec
{
    [Theory]
    [InlineData(1, 3)]
    [InlineData(2, 20)]
    [InlineData(3, 1_000_000)]
    public void Both_agree_with_their_naive_twins_on_random_scores_with_ties(int seed, int distinct)
    {
        var random = new Random(seed);
        for (var round = 0; round < 100; round++)
        {
            var rows = random.Next(2, 120);
            var scores = Enumerable.Range(0, rows).Select(_ => random.Next(distinct) / 7.0).ToArray();
            var labels = Enumerable.Range(0, rows).Select(i => i == 0 ? 1f : i == 1 ? 0f : random.Next(4) / 3).ToArray();
            Assert.Equal(NaiveAuc(labels, scores), RankingMetrics.AucRoc(labels, scores), 1e-12);
            Assert.Equal(NaiveAveragePrecision(labels, scores), RankingMetrics.AveragePrecision(labels, scores), 1e-12);
        }
    }

    [Fact]
    public void A_tie_of_all_counts_half()
    {
        Assert.Equal(0.5, RankingMetrics.AucRoc([1, 0, 0, 1], [3, 3, 3, 3]));
        Assert.Equal(0.5, RankingMetrics.AveragePrecision([1, 0, 0, 1], [3, 3, 3, 3]));
    }

    [Fact]
    public void A_class_that_is_missing_gives_no_number()
    {
        Assert.True(double.IsNaN(RankingMetrics.AucRoc([1, 1], [0.1, 0.2])));
        Assert.True(double.IsNaN(RankingMetrics.AveragePrecision([0, 0], [0.1, 0.2])));
    }

    [Fact]
    public void A_score_that_is_no_number_is_refused() =>
        Assert.Throws<ArgumentException>(() => RankingMetrics.AucRoc([1, 0], [0.1, double.NaN]));

    private static double NaiveAuc(float[] labels, double[] scores)
    {
        var (wins, pairs) = (0.0, 0);
        for (var i = 0; i < labels.Length; i++)
        {
            for (var j = 0; j < labels.Length; j++)
            {
                if (labels[i] == 1 && labels[j] == 0)
                {
                    pairs++;
                    wins += scores[i] > scores[j] ? 1 : scores[i] == scores[j] ? 0.5 : 0;
                }
            }
        }

        return wins / pairs;
    }

    private static double NaiveAveragePrecision(float[] labels, double[] scores)
    {
        var (sum, recallBefore) = (0.0, 0.0);
        foreach (var threshold in scores.Distinct().OrderDescending())
        {
            var above = Enumerable.Range(0, labels.Length).Where(i => scores[i] >= threshold).ToArray();
            var found = above.Count(i => labels[i] == 1);
            var recall = found / (double)labels.Count(label => label == 1);
            sum += (recall - recallBefore) * found / above.Length;
            recallBefore = recall;
        }

        return sum;
    }
}
