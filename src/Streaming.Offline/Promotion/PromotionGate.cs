using System.Globalization;

namespace Streaming.Offline.Promotion;

/// <summary>
/// Whether a challenger is not worse than its champion on labelled requests that both scored: the paired bootstrap of the difference of
/// their average precisions (Efron and Tibshirani, An Introduction to the Bootstrap, 1993, chapter 13: percentile interval, one-sided).
/// Rows are drawn as pairs, so that what is hard for both does not blur the difference.
/// </summary>
public static class PromotionGate
{
    /// <summary>Compares.</summary>
    public static PromotionResult Compare(IReadOnlyList<PromotionRow> rows, PromotionOptions options)
    {
        ArgumentNullException.ThrowIfNull(rows);
        ArgumentNullException.ThrowIfNull(options);
        var frauds = rows.Count(static row => row.IsFraud);
        var champion = new WeightedRanking(rows, static row => row.Champion);
        var challenger = new WeightedRanking(rows, static row => row.Challenger);
        var once = Enumerable.Repeat(1, rows.Count).ToArray();
        var result = new PromotionResult(
            rows.Count, frauds, champion.AveragePrecision(once), challenger.AveragePrecision(once), double.NaN, Fault: null);
        if (rows.Count < options.RowsMin || frauds < options.FraudsMin)
        {
            return result with
            {
                Fault = Text(
                    $"{rows.Count} labelled requests with {frauds} frauds are too few; {options.RowsMin} with {options.FraudsMin} are due"),
            };
        }

        var bound = LowerBound(rows.Count, champion, challenger, options);
        return result with
        {
            LowerBound = bound,
            Fault = bound >= -options.Margin
                ? null
                : $"its average precision may be {Text($"{-bound:0.0000}")} below the champion's, {Text($"{options.Confidence:P0}")} " +
                    $"confidence; at most {Text($"{options.Margin}")} is allowed",
        };
    }

    private static double LowerBound(int rows, WeightedRanking champion, WeightedRanking challenger, PromotionOptions options)
    {
        var random = new Random(options.Seed);
        var (differences, weights) = (new List<double>(options.Draws), new int[rows]);
        for (var draw = 0; draw < options.Draws; draw++)
        {
            Array.Clear(weights);
            for (var i = 0; i < rows; i++)
            {
                weights[random.Next(rows)]++;
            }

            // A sample without a fraud says nothing.
            if (challenger.AveragePrecision(weights) - champion.AveragePrecision(weights) is var difference && !double.IsNaN(difference))
            {
                differences.Add(difference);
            }
        }

        differences.Sort();
        return differences[(int)Math.Floor((1 - options.Confidence) * differences.Count)];
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
