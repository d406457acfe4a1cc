namespace Streaming.Offline.Training;

/// <summary>
/// The handbook's split in time: learn from some days, wait until their labels are known, test on the days after that. Cards whose
/// fraud is known by a test day are left out of it, for a known fraudulent card is blocked already. Rows without cards are all kept.
/// </summary>
public sealed record DelayedSplit
{
    private const long DayMillis = 86_400_000;

    /// <summary>Midnight of the first day to learn from.</summary>
    public required DateTimeOffset Start { get; init; }

    /// <summary>Days to learn from.</summary>
    public int TrainDays { get; init; } = 7;

    /// <summary>Days between the last day to learn from and the first test day; how late labels are.</summary>
    public int DelayDays { get; init; } = 7;

    /// <summary>Days to test on.</summary>
    public int TestDays { get; init; } = 7;

    /// <summary>The first day to test on.</summary>
    public DateTimeOffset TestStart => Start.AddDays(TrainDays + DelayDays);

    /// <summary>The day after the last.</summary>
    public DateTimeOffset End => TestStart.AddDays(TestDays);

    /// <summary>
    /// The rows of both parts. The known cards are those with a fraud in the training part; before test day i those with a fraud on the day
    /// that is <see cref="DelayDays"/> + 1 days before it join them, as published.
    /// </summary>
    public (TrainingSet Train, TrainingSet Test) Apply(TrainingSet set)
    {
        ArgumentNullException.ThrowIfNull(set);
        var days = RowsByDay(set);
        var train = new List<int>();
        for (var day = 0; day < TrainDays; day++)
        {
            train.AddRange(days[day]);
        }

        var known = new HashSet<long>();
        AddFraudulent(set, train, known);
        var test = new List<int>();
        for (var i = 0; i < TestDays; i++)
        {
            var day = TrainDays + DelayDays + i;
            AddFraudulent(set, days[day - DelayDays - 1], known);
            test.AddRange(days[day].Where(row => set.Cards.Length == 0 || !known.Contains(set.Cards[row])));
        }

        return (set.Select(train.ToArray()), set.Select(test.ToArray()));
    }

    private static void AddFraudulent(TrainingSet set, List<int> rows, HashSet<long> known) =>
        known.UnionWith(rows.Where(row => set.Cards.Length > 0 && set.Labels[row] > 0.5f).Select(row => set.Cards[row]));

    private List<int>[] RowsByDay(TrainingSet set)
    {
        var days = new List<int>[TrainDays + DelayDays + TestDays];
        for (var i = 0; i < days.Length; i++)
        {
            days[i] = [];
        }

        var start = Start.ToUnixTimeMilliseconds();
        for (var row = 0; row < set.Rows; row++)
        {
            var since = set.TimesMillis[row] - start;
            if (since >= 0 && since < days.Length * DayMillis)
            {
                days[since / DayMillis].Add(row);
            }
        }

        return days;
    }
}
