using System.Collections.Concurrent;
using Streaming.Features.Plans;
using Streaming.Features.State;
using Streaming.Features.Tests.Kit;

namespace Streaming.Features.Tests.State;

/// <summary>
/// One writer, many readers. Every event has the amount <see cref="Amount"/> and both views see every event, so that a sum, its
/// count, and the same of the other view agree at every moment and at no point between two moments.
/// </summary>
public class OptimisticReadSpec
{
    private const double Amount = 2.5;
    private const int Events = 40_000;
    private const int EventsUntilSilence = 500;
    private const int Readers = 3;

    private static readonly EntityPlan s_plan = Views.Entity(View("a"), View("b"));

    [Fact]
    public async Task Every_answer_is_of_one_moment()
    {
        var (done, violations) = await Run(static (state, at, values) => state.TryRead(s_plan.AllFeatures, at, null, 0, values));
        Assert.Empty(violations);
        Assert.True(done > 1000, $"only {done} reads were answered");
    }

    [Fact]
    public async Task A_reader_that_does_not_look_at_the_version_is_caught()
    {
        var (_, violations) = await Run(ReadWithoutVersion);
        Assert.NotEmpty(violations);
    }

    [Fact]
    public void Columns_that_change_under_a_read_do_it_no_harm()
    {
        const int seed = 1;
        var random = new Random(seed);
        var state = new EntityState(s_plan);
        AggregationFixture.Apply(state, [.. Enumerable.Range(0, 100).Select(i => new Transaction(0, i, Time(i), Amount))]);
        var view = s_plan.AllFeatures.Views[0];
        var values = new FeatureValue[s_plan.AllFeatures.OutputLength];
        for (var i = 0; i < 20_000; i++)
        {
            var slab = state.Views[0].Words.ToArray();
            var header = slab[..view.View.HeaderWords];
            for (var changes = random.Next(1, 60); changes > 0; changes--)
            {
                var some = view.View.HeaderWords + random.Next(slab.Length - view.View.HeaderWords);
                slab[some] = random.Next(3) switch { 0 => 0, 1 => Time(random.Next(200)), _ => random.NextInt64(long.MinValue, long.MaxValue) };
            }

            ViewReader.Read(view, header, slab, null, Time(random.Next(90, 200)), RequestEvent.None, values);
        }
    }

    private static Streaming.Features.Language.FeatureViewDefinition View(string name) => Views.View(name, 0,
        Views.Feature("count", "count", [], [Views.OneHour, Views.OneDay]),
        Views.Feature("sum", "sum", [Transactions.Amount], [Views.OneHour, Views.OneDay]),
        Views.Feature("largest", "max", [Transactions.Amount], [Views.OneDay]),
        Views.Feature("spread", "variance", [Transactions.Amount], [Views.OneDay]),
        Views.Feature("median", "percentile", [Transactions.Amount], [Views.OneDay], parameters: System.Collections.Immutable.ImmutableDictionary<string, double>.Empty.Add("p", 50)));

    // The broken twin: as EntityState.TryRead, but it believes whatever it sees.
    private static ReadOutcome ReadWithoutVersion(EntityState state, long at, FeatureValue[] values)
    {
        foreach (var view in s_plan.AllFeatures.Views)
        {
            var slab = state.Views[view.ViewIndex].Words;
            var header = slab[..view.View.HeaderWords];
            if (ViewReader.Read(view, header, slab, null, at, RequestEvent.None, values) is var outcome && outcome != ReadOutcome.Done)
            {
                return outcome;
            }
        }

        return ReadOutcome.Done;
    }

    private static async Task<(long Done, IReadOnlyCollection<string> Violations)> Run(Func<EntityState, long, FeatureValue[], ReadOutcome> read)
    {
        var state = new EntityState(s_plan);
        var violations = new ConcurrentBag<string>();
        var progress = new long[2];
        var readers = Enumerable.Range(0, Readers).Select(seed => Task.Factory.StartNew(
            () => ReadUntilWritten(state, progress, read, violations, seed), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default)).ToArray();
        await Task.Factory.StartNew(() => Write(state, progress), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        await Task.WhenAll(readers);
        return (readers.Sum(r => r.Result), violations);
    }

    // An event a quarter of an hour keeps two days' events while older ones leave; after a silence all of them leave, and their room. Some events are late, and
    // reads of the owner move the cursors.
    private static void Write(EntityState state, long[] progress)
    {
        var values = new FeatureValue[s_plan.AllFeatures.OutputLength];
        var batch = Transactions.Batch([.. Enumerable.Range(0, Events).Select(i => new Transaction(0, i, Time(i), Amount))]);
        Span<int> row = stackalloc int[1];
        for (var i = 0; i < Events; i++)
        {
            row[0] = i;
            state.Apply(s_plan.Feeds[0], batch, row);
            Volatile.Write(ref progress[0], Time(i));

            // Room for whole reads between two events; without it nearly all are contended and nothing is tried.
            Thread.SpinWait(300);
            if (i % 64 == 0)
            {
                state.Read(s_plan.AllFeatures, Time(i) + Views.Hour, null, 0, values);
            }
        }

        Volatile.Write(ref progress[1], 1);
    }

    private static long Time(int i) => RandomStream.Start + (i * Views.Hour / 4) + (i / EventsUntilSilence * 5 * Views.Day) - (i % 7 == 0 ? 3 * Views.Hour : 0);

    private static long ReadUntilWritten(
        EntityState state, long[] progress, Func<EntityState, long, FeatureValue[], ReadOutcome> read, ConcurrentBag<string> violations, int seed)
    {
        var random = new Random(seed);
        var values = new FeatureValue[s_plan.AllFeatures.OutputLength];
        var done = 0L;
        while (Volatile.Read(ref progress[1]) == 0 && violations.Count < 20)
        {
            var at = Volatile.Read(ref progress[0]) + random.Next(-10, 10) * Views.Hour;
            try
            {
                if (read(state, at, values) == ReadOutcome.Done)
                {
                    done++;
                    Verify(values, violations);
                }
            }
            catch (Exception e) when (e is ArgumentException or IndexOutOfRangeException or OverflowException)
            {
                violations.Add(e.ToString());
            }
        }

        return done;
    }

    private static void Verify(FeatureValue[] values, ConcurrentBag<string> violations)
    {
        var half = values.Length / 2;
        for (var view = 0; view < values.Length; view += half)
        {
            var (hour, day, sumOfHour, sumOfDay) = (values[view].Number, values[view + 1].Number, values[view + 2], values[view + 3]);
            var holds = hour <= day && Agrees(sumOfHour, hour) && Agrees(sumOfDay, day)
                && (day == 0 || values[view + 4].Number == Amount) && (day < 2 || values[view + 5].Number == 0) && (day == 0 || values[view + 6].Number == Amount);
            if (!holds)
            {
                violations.Add(string.Join(' ', values.Skip(view).Take(half)));
            }
        }

        if (!values.AsSpan(0, half).SequenceEqual(values.AsSpan(half)))
        {
            violations.Add("the views differ: " + string.Join(' ', values));
        }
    }

    private static bool Agrees(FeatureValue sum, double count) => count == 0 ? sum.Status == FeatureStatus.Absent : sum.Number == count * Amount;
}
