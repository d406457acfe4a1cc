using Streaming.Offline.Training;

namespace Streaming.Offline.Tests.Training;

public class CardPrecisionSpec
{
    private const long Day = 86_400_000;

    [Fact]
    public void It_agrees_with_its_naive_twin_on_random_days()
    {
        const int Seed = 99;
        var random = new Random(Seed);
        for (var round = 0; round < 100; round++)
        {
            var rows = random.Next(1, 300);
            var cards = Enumerable.Range(0, rows).Select(_ => (long)random.Next(40)).ToArray();
            var times = Enumerable.Range(0, rows).Select(_ => random.NextInt64(-2 * Day, 4 * Day)).ToArray();
            var labels = Enumerable.Range(0, rows).Select(_ => random.Next(5) == 0 ? 1f : 0f).ToArray();
            var scores = Enumerable.Range(0, rows).Select(_ => random.Next(10) / 10.0).ToArray();
            var k = random.Next(1, 20);
            Assert.Equal(Naive(cards, times, labels, scores, k), CardPrecision.AtK(cards, times, labels, scores, k), 1e-12);
        }
    }

    [Fact]
    public void The_highest_score_and_the_label_of_a_card_may_come_from_two_rows() =>
        Assert.Equal(1.0, CardPrecision.AtK([1, 1, 2], [0, 1, 2], [0, 1, 0], [0.9, 0.1, 0.5], k: 1));

    [Fact]
    public void A_card_that_was_found_is_not_looked_at_again() =>
        Assert.Equal(0.5, CardPrecision.AtK([1, 1, 2], [0, Day, Day], [1, 1, 0], [0.9, 0.9, 0.1], k: 1));

    [Fact]
    public void Fewer_cards_than_k_still_count_as_k() => Assert.Equal(0.01, CardPrecision.AtK([1], [0], [1], [0.9]));

    private static double Naive(long[] cards, long[] times, float[] labels, double[] scores, int k)
    {
        var rows = Enumerable.Range(0, cards.Length).ToList();
        var precisions = new List<double>();
        foreach (var day in rows.GroupBy(row => Math.Floor(times[row] / (double)Day)).OrderBy(day => day.Key).ToList())
        {
            var top = day.Where(rows.Contains).GroupBy(row => cards[row])
                .Select(card => (Card: card.Key, Score: card.Max(row => scores[row]), Label: card.Max(row => labels[row])))
                .OrderByDescending(card => card.Score).ThenBy(card => card.Card).Take(k).ToList();
            precisions.Add(top.Count(card => card.Label == 1) / (double)k);
            rows.RemoveAll(row => top.Any(card => card.Label == 1 && card.Card == cards[row]));
        }

        return precisions.Average();
    }
}
