using Streaming.Offline.Training;

namespace Streaming.Offline.Tests.Training;

public class DelayedSplitSpec
{
    private const long Day = 86_400_000;

    [Fact]
    public void It_agrees_with_its_naive_twin_on_random_rows()
    {
        var set = Rows.Random(seed: 12, rows: 4_000);
        var split = new DelayedSplit { Start = DateTimeOffset.UnixEpoch.AddDays(1), TrainDays = 5, DelayDays = 4, TestDays = 6 };
        var (train, test) = split.Apply(set);
        Assert.Equal(NaiveTrain(set), train.TimesMillis);
        Assert.Equal(NaiveTest(set), test.TimesMillis);
        Assert.NotEqual(0, test.Rows);
        Assert.NotEqual(set.TimesMillis.Count(time => time / Day is >= 10 and < 16), test.Rows);
    }

    [Fact]
    public void Rows_without_cards_are_all_tested_on()
    {
        var set = Rows.Random(seed: 12, rows: 1_000);
        var cardless = new TrainingSet(set.FeatureNames, set.Features, set.Labels, set.TimesMillis, []);
        var split = new DelayedSplit { Start = DateTimeOffset.UnixEpoch.AddDays(1), TrainDays = 5, DelayDays = 4, TestDays = 6 };
        Assert.Equal(set.TimesMillis.Count(time => time / Day is >= 10 and < 16), split.Apply(cardless).Test.Rows);
        Assert.Equal((DateTimeOffset.UnixEpoch.AddDays(10), DateTimeOffset.UnixEpoch.AddDays(16)), (split.TestStart, split.End));
    }

    [Fact]
    public void A_selected_row_keeps_everything_of_it()
    {
        var set = Rows.Random(seed: 13, rows: 10);
        var some = set.Select([7, 2]);
        Assert.Equal(set.Row(7).ToArray(), some.Row(0).ToArray());
        Assert.Equal((set.Labels[2], set.TimesMillis[2], set.Cards[2]), (some.Labels[1], some.TimesMillis[1], some.Cards[1]));
    }

    [Fact]
    public void The_fingerprint_changes_with_any_value_and_with_nothing_else()
    {
        var set = Rows.Random(seed: 14, rows: 100);
        var before = set.Fingerprint();
        Assert.Equal(before, Rows.Random(seed: 14, rows: 100).Fingerprint());
        set.Features[17]++;
        Assert.NotEqual(before, set.Fingerprint());
    }

    private static IEnumerable<long> NaiveTrain(TrainingSet set) => set.TimesMillis.Where(time => time / Day is >= 1 and < 6);

    private static IEnumerable<long> NaiveTest(TrainingSet set)
    {
        for (var day = 10; day < 16; day++)
        {
            // Learnt from: days 1 .. 5. Known on test day d besides: days 10-4-1 .. d-4-1.
            var known = Enumerable.Range(0, set.Rows)
                .Where(row => set.Labels[row] == 1 && set.TimesMillis[row] / Day is var at && ((at >= 1 && at < 6) || (at >= 5 && at <= day - 5)))
                .Select(row => set.Cards[row]).ToHashSet();
            for (var row = 0; row < set.Rows; row++)
            {
                if (set.TimesMillis[row] / Day == day && !known.Contains(set.Cards[row]))
                {
                    yield return set.TimesMillis[row];
                }
            }
        }
    }
}
