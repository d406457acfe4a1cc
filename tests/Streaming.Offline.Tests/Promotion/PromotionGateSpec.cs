using Streaming.Offline.Promotion;
using Streaming.Offline.Training;

namespace Streaming.Offline.Tests.Promotion;

/// <summary>When a challenger may take its champion's place.</summary>
public sealed class PromotionGateSpec
{
    [Fact]
    public void A_challenger_that_scores_the_same_passes_with_no_difference()
    {
        var result = PromotionGate.Compare(Rows(noise: 0), new());
        Assert.Equal((null, 0.0), (result.Fault, result.LowerBound));
        Assert.Equal(result.Champion, result.Challenger);
    }

    [Fact]
    public void A_worse_challenger_is_refused_with_its_bound()
    {
        var result = PromotionGate.Compare(Rows(noise: 1), new());
        Assert.True(result.LowerBound < -0.01, $"{result}");
        Assert.Contains("below the champion's", result.Fault, StringComparison.Ordinal);
    }

    [Fact]
    public void A_better_challenger_passes()
    {
        var result = PromotionGate.Compare([.. Rows(noise: 1).Select(row => new PromotionRow(row.IsFraud, row.Challenger, row.Champion))], new());
        Assert.Null(result.Fault);
        Assert.True(result.LowerBound > 0, $"{result}");
    }

    [Theory]
    [InlineData(499, 30)]
    [InlineData(600, 601)]
    public void Too_few_rows_or_frauds_say_nothing(int rowsMin, int fraudsMin)
    {
        var rows = Rows(noise: 0);
        var options = new PromotionOptions(RowsMin: rowsMin == 499 ? rows.Count + 1 : rowsMin, FraudsMin: fraudsMin);
        var result = PromotionGate.Compare(rows, options);
        Assert.Contains("too few", result.Fault, StringComparison.Ordinal);
        Assert.True(double.IsNaN(result.LowerBound));
    }

    /// <summary>With an equal champion and challenger but for chance, the bound is broken about as often as it says.</summary>
    [Fact]
    public void The_bound_holds_as_often_as_it_says()
    {
        var broken = 0;
        for (var seed = 1; seed <= 100; seed++)
        {
            var random = new Random(seed);
            var rows = Enumerable.Range(0, 600).Select(_ =>
            {
                var (fraud, shared) = (random.NextDouble() < 0.1, random.NextDouble());
                double Score() => (fraud ? 0.5 : 0) + shared + (0.3 * random.NextDouble());
                return new PromotionRow(fraud, Score(), Score());
            }).ToArray();
            broken += PromotionGate.Compare(rows, new(Draws: 200)).LowerBound > 0 ? 1 : 0;
        }

        Assert.InRange(broken, 0, 15);
    }

    [Fact]
    public void The_average_precision_of_a_sample_is_that_of_its_rows_written_out()
    {
        var (random, rows) = (new Random(7), Rows(noise: 1));
        var weights = rows.Select(_ => random.Next(3)).ToArray();
        var written = rows.SelectMany((row, i) => Enumerable.Repeat(row, weights[i])).ToArray();
        Assert.Equal(
            RankingMetrics.AveragePrecision([.. written.Select(row => row.IsFraud ? 1f : 0f)], [.. written.Select(row => row.Challenger)]),
            new WeightedRanking(rows, row => row.Challenger).AveragePrecision(weights),
            12);
    }

    // Scores of two digits, so that there are ties.
    private static IReadOnlyList<PromotionRow> Rows(double noise)
    {
        var random = new Random(3);
        return
        [
            .. Enumerable.Range(0, 2000).Select(_ =>
            {
                var fraud = random.NextDouble() < 0.1;
                var score = (fraud ? 0.5 : 0) + (0.6 * random.NextDouble());
                return new PromotionRow(fraud, Math.Round(score, 2), Math.Round(score + (noise * (random.NextDouble() - 0.5)), 2));
            }),
        ];
    }
}
