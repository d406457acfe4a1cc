using System.Text;
using Streaming.Contracts.Events;
using Streaming.Contracts.Schemas;
using Streaming.Engine.Entities;
using Streaming.Features.Events;
using Streaming.Features.Plans;
using Streaming.Features.State;

namespace Streaming.Engine.Tests;

/// <summary>Reads of one engine with the shipped features, however messages go.</summary>
/// <param name="direct">Whether deliveries go directly to actors.</param>
/// <param name="bytes">Whether messages between actors go through their bytes.</param>
public abstract class ReadConformance(bool direct, bool bytes) : IAsyncLifetime, IDisposable
{
    private const long Day = Events.Day;
    private static readonly long s_start = Events.Start;
    private static readonly int[] s_labelDays = [12, 30, 48, 60];
    private static readonly string[] s_riskFeatures = ["tx_count_1d", "tx_count_7d", "tx_count_30d", "risk_1d", "risk_7d", "risk_30d"];
    private readonly TempFolder _folder = new();
    private RunningEngine _running = null!;

    private StreamingEngine Engine => _running.Engine;

    private EntityPlan Card => Engine.Catalog.FindEntity("card")!;

    private EntityPlan Terminal => Engine.Catalog.FindEntity("terminal")!;

    public async Task InitializeAsync() => _running = await RunningEngine.StartAsync(_folder, TestFeatures.Shipped, direct, bytes: bytes);

    public async Task DisposeAsync() => await _running.DisposeAsync();

    public void Dispose()
    {
        _folder.Dispose();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task Reads_see_the_windows_of_their_own_time_and_the_request()
    {
        await _running.Events.AppendAsync(
            Events.Transaction("c", s_start, 10),
            Events.Transaction("c", s_start + (Day / 2), 20),
            Events.Transaction("c", s_start + (2 * Day), 60));
        await _running.AppliedAsync(3);

        // At a day and a half the window's open end is the second event; at two days the third is the only one.
        Assert.Equal(1, await CountAsync("c", s_start + (3 * Day / 2) - 1));
        Assert.Equal(0, await CountAsync("c", s_start + (3 * Day / 2)));
        Assert.Equal(1, await CountAsync("c", s_start + (2 * Day)));
        Assert.Equal(0, await CountAsync("c", s_start + (4 * Day)));
        Assert.Equal(ReadOutcome.TooOld, (await ReadAsync(Card, "c", s_start)).Outcome);
        Assert.Equal(ReadOutcome.TooOld, TryRead(Card, "c", s_start).Outcome);

        var request = new EventBatch(EventSchemas.Sources["transactions"], default, 1) { Count = 1 };
        foreach (var field in Enumerable.Range(0, request.Source.Fields.Length))
        {
            request[field]!.SetNull(0);
        }

        request.Numbers(request.Source.IndexOf("amount"))[0] = 90;
        var (outcome, values) = await ReadAsync(Card, "c", s_start + (2 * Day), request);
        Assert.Equal(
            (ReadOutcome.Done, 2.0, 75.0),
            (outcome, Value(Card, values, "card_activity.tx_count_1d"), Value(Card, values, "card_activity.amount_avg_1d")));
        Assert.Equal(values, TryRead(Card, "c", s_start + (2 * Day), request).Values);
    }

    [Fact]
    public async Task A_key_without_events_has_absent_values_and_gets_no_actor()
    {
        // Until its shard is open a key that is not here is not known to be new; this read waits for that.
        var waited = await ReadAsync(Card, "nobody", s_start);
        var (outcome, values) = TryRead(Card, "nobody", s_start);

        Assert.Equal(ReadOutcome.Done, outcome);
        Assert.Equal((0.0, FeatureStatus.Present), (values[0].Number, values[0].Status));
        Assert.Equal(FeatureStatus.Absent, values[3].Status);
        Assert.Equal(values, waited.Values);
        Assert.Equal(0, Engine.Entities.Sum(entity => entity.Count));
    }

    [Fact]
    public async Task Reads_during_writes_see_whole_events_only()
    {
        // Every event has the amount 7: whatever the moment, the mean of some of them is 7 and their spread is 0.
        var appending = Task.Run(async () =>
        {
            for (var i = 0; i < 40; i++)
            {
                await _running.Events.AppendAsync(Enumerable.Range(i * 50, 50).Select(n => Events.Transaction("hot", s_start + n, 7)));
            }
        });
        var last = 0.0;
        while (last < 2000)
        {
            var (outcome, values) = TryRead(Card, "hot", s_start + Day - 1);
            if (outcome is ReadOutcome.Contended or ReadOutcome.NotHere)
            {
                (outcome, values) = await ReadAsync(Card, "hot", s_start + Day - 1);
            }

            Assert.Equal(ReadOutcome.Done, outcome);
            var count = Value(Card, values, "card_activity.tx_count_1d");
            Assert.True(count >= last, $"{count} after {last}");
            Assert.Equal(count == 0 ? 0 : 7, Value(Card, values, "card_activity.amount_avg_1d"));
            last = count;
            await Task.Yield();
        }

        await appending.WaitAsync(TimeSpan.FromSeconds(30));
    }

    [Fact]
    public async Task Labels_within_the_delay_give_the_features_of_transactions_that_carry_their_truth()
    {
        var random = new Random(21);
        var transactions = Enumerable.Range(0, 600)
            .Select(i => Events.Transaction($"c{i}", s_start + (i * Day / 12), 5, $"t{random.Next(4)}") with
            {
                EventId = $"e{i}",
                Fraud = random.Next(4) == 0,
            })
            .ToList();
        var labels = transactions.Select(each => new Label
        {
            TransactionId = each.EventId,
            CardId = each.CardId,
            TerminalId = each.TerminalId,
            TransactionTs = each.Ts,
            Fraud = each.Fraud!.Value,
            LabelledAt = new EventTime(each.Ts.Millis + random.NextInt64(7 * Day)),
        }).OrderBy(label => label.LabelledAt.Millis).ToList();

        // The log up to a day, then what is read on that day; labels come in the order in which they became known.
        var before = s_start - 1;
        foreach (var now in s_labelDays.Select(day => s_start + (day * Day)))
        {
            await _running.Events.AppendAsync(transactions.Where(each => each.Ts.Millis > before && each.Ts.Millis <= now));
            await _running.Events.AppendAsync(labels.Where(each => each.LabelledAt.Millis > before && each.LabelledAt.Millis <= now));
            before = now;
            var labelled = labels.Count(each => each.LabelledAt.Millis <= now);
            await _running.AppliedAsync(transactions.Count(each => each.Ts.Millis <= now) + labelled);
            foreach (var terminal in Enumerable.Range(0, 4))
            {
                await AssertParityAsync($"t{terminal}", now);
                await AssertParityAsync($"t{terminal}", now - (Day / 3));
            }
        }
    }

    [Fact]
    public void An_abandoned_read_does_not_write_to_the_buffer()
    {
        var state = new EntityState(Card);
        var output = new FeatureValue[Card.AllFeatures.OutputLength];
        var abandoned = new ReadEntity(Card.AllFeatures, [], s_start, null, 0, output);
        Assert.True(abandoned.TryAbandon());
        abandoned.Answer(state);
        Assert.All(output, value => Assert.Equal(default, value));
        Assert.False(abandoned.Reply.IsCompleted);

        var answered = new ReadEntity(Card.AllFeatures, [], s_start, null, 0, output);
        answered.Answer(state);
        Assert.False(answered.TryAbandon());
        Assert.True(answered.Reply.IsCompletedSuccessfully);
    }

    [Fact]
    public async Task A_read_that_fails_fails_for_its_caller_and_keeps_the_entity()
    {
        await _running.Events.AppendAsync(Events.Transaction("c", s_start, 10));
        await _running.AppliedAsync(1);

        await Assert.ThrowsAnyAsync<Exception>(async () => await Engine.ReadAsync(
            Card.AllFeatures, "c"u8.ToArray(), s_start, null, 0, new FeatureValue[1], CancellationToken.None));

        Assert.Equal(1, await CountAsync("c", s_start));
    }

    private async Task AssertParityAsync(string terminal, long at)
    {
        var (outcome, values) = await ReadAsync(Terminal, terminal, at);
        Assert.Equal(ReadOutcome.Done, outcome);
        foreach (var feature in s_riskFeatures)
        {
            Assert.Equal(Value(Terminal, values, $"terminal_risk.{feature}"), Value(Terminal, values, $"terminal_labels.{feature}"));
        }

        Assert.True(Value(Terminal, values, "terminal_labels.tx_count_30d") > 0);
    }

    private static double Value(EntityPlan plan, FeatureValue[] values, string feature) =>
        values[plan.Views.SelectMany(view => view.Features).Select(each => each.FullName).ToList().IndexOf(feature)].Number;

    private async Task<double> CountAsync(string key, long at)
    {
        var (outcome, values) = await ReadAsync(Card, key, at);
        Assert.Equal(ReadOutcome.Done, outcome);
        return Value(Card, values, "card_activity.tx_count_1d");
    }

    private async Task<(ReadOutcome Outcome, FeatureValue[] Values)> ReadAsync(
        EntityPlan plan,
        string key,
        long at,
        EventBatch? request = null)
    {
        var values = new FeatureValue[plan.AllFeatures.OutputLength];
        var bytes = Encoding.UTF8.GetBytes(key);
        return (await Engine.ReadAsync(plan.AllFeatures, bytes, at, request, 0, values, CancellationToken.None), values);
    }

    private (ReadOutcome Outcome, FeatureValue[] Values) TryRead(EntityPlan plan, string key, long at, EventBatch? request = null)
    {
        var values = new FeatureValue[plan.AllFeatures.OutputLength];
        return (Engine.TryRead(plan.AllFeatures, Encoding.UTF8.GetBytes(key), at, request, 0, values), values);
    }
}
