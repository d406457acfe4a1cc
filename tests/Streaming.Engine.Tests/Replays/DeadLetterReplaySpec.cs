using System.Text;
using Streaming.Contracts.Events;
using Streaming.Engine.Replays;
using Streaming.Features.Plans;
using Streaming.Ingest.DeadLetters;
using Streaming.Persistence.Conformance;

namespace Streaming.Engine.Tests.Replays;

/// <summary>Dead letters go back once, however often a replay runs or dies.</summary>
public sealed class DeadLetterReplaySpec : IDisposable
{
    private readonly TempFolder _folder = new();

    public static TheoryData<int, bool> Deaths
    {
        get
        {
            var deaths = new TheoryData<int, bool>();
            for (var write = 0; write < 7; write++)
            {
                deaths.Add(write, false);
                deaths.Add(write, true);
            }

            return deaths;
        }
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Each_letter_has_its_outcome_and_a_second_replay_appends_nothing()
    {
        await using var letters = await Letters.CreateAsync(_folder);
        var good = await letters.AddAsync(0, letters.Future("a"), DeadLetterReason.Future);
        var bad = await letters.AddAsync(0, letters.Future("m")[..^3], DeadLetterReason.Malformed);
        var poison = await letters.AddAsync(1, letters.Future("b"), DeadLetterReason.Poison);
        var empty = await letters.AddAsync(1, null, DeadLetterReason.Empty);
        var large = await letters.AddAsync(2, letters.Future("c"), DeadLetterReason.Future, withValue: false);
        await letters.AddAsync(2, letters.Future("d"), "gone", withValue: false);

        var first = (await letters.ReplayAsync()).ToDictionary(letter => letter.Origin);
        Assert.Equal((ReplayOutcome.Replayed, good with { Offset = 2 }), (first[good].Outcome, first[good].At));
        Assert.Equal(ReplayOutcome.StillBad, first[bad].Outcome);
        Assert.StartsWith("malformed: ", first[bad].Detail, StringComparison.Ordinal);
        Assert.Equal((ReplayOutcome.Skipped, ReplayOutcome.Skipped), (first[poison].Outcome, first[empty].Outcome));
        Assert.Equal((ReplayOutcome.Replayed, large with { Offset = 2 }), (first[large].Outcome, first[large].At));
        var after = await letters.ValuesAsync(0);
        Assert.Equal(after[0], after[2]);

        var second = (await letters.ReplayAsync()).ToDictionary(letter => letter.Origin);
        Assert.Equal((ReplayOutcome.AlreadyReplayed, good with { Offset = 2 }), (second[good].Outcome, second[good].At));
        Assert.Equal(ReplayOutcome.StillBad, second[bad].Outcome);
        Assert.Equal(after, await letters.ValuesAsync(0));
    }

    [Theory]
    [MemberData(nameof(Deaths))]
    public async Task A_replay_that_dies_at_any_write_leaves_each_event_to_be_appended_once(int diesAt, bool isTaken)
    {
        await using var letters = await Letters.CreateAsync(_folder);
        var same = letters.Future("same");
        foreach (var value in new[] { same, letters.Future("other"), same })
        {
            await letters.AddAsync(0, value, DeadLetterReason.Future);
            await letters.AddAsync(1, value, DeadLetterReason.Future);
        }

        await using var dying = new DyingLog(letters.Log, diesAt, isTaken);
        var died = await Record.ExceptionAsync(() => letters.ReplayAsync(log: dying));
        Assert.Equal(diesAt < 6, died is DeathException);
        // A producer's own event of the same partition comes between.
        await letters.Events.AppendRawAsync(letters.Future("between"));

        var done = await letters.ReplayAsync();
        Assert.All(done, letter => Assert.True(letter.Outcome is ReplayOutcome.Replayed or ReplayOutcome.AlreadyReplayed));
        Assert.Equal(6, done.Select(letter => letter.At).Distinct().Count());
        foreach (var partition in new[] { 0, 1 })
        {
            var values = await letters.ValuesAsync(partition);
            Assert.Equal(4, values.Count(value => value == Convert.ToHexString(same)));
            Assert.Equal(2, values.Count(value => value == Convert.ToHexString(letters.Future("other"))));
        }

        Assert.All(await letters.ReplayAsync(), letter => Assert.Equal(ReplayOutcome.AlreadyReplayed, letter.Outcome));
    }

    [Fact]
    public async Task A_record_that_stands_for_one_letter_stands_for_no_other_of_the_same_bytes()
    {
        await using var letters = await Letters.CreateAsync(_folder);
        var same = letters.Future("same");
        await letters.AddAsync(0, same, DeadLetterReason.Future, Events.Start + 10);
        await letters.AddAsync(0, same, DeadLetterReason.Future, Events.Start + 20);
        var (first, second) = (new ReplayFilter(null, null, null, Events.Start + 20), new ReplayFilter(null, null, Events.Start + 20, null));
        await using var dying = new DyingLog(letters.Log, diesAt: 1, isTaken: false);
        await Assert.ThrowsAsync<DeathException>(() => letters.ReplayAsync(first, log: dying));

        Assert.Equal(ReplayOutcome.Replayed, Assert.Single(await letters.ReplayAsync(second)).Outcome);
        Assert.Equal(ReplayOutcome.Replayed, Assert.Single(await letters.ReplayAsync(first)).Outcome);
        Assert.Equal(4, (await letters.ValuesAsync(0)).Count);
    }

    /// <summary>A command with looser rules than the node's finds good what the node sets aside each time.</summary>
    [Fact]
    public async Task An_event_that_the_node_sets_aside_again_comes_back_once_more_only_when_that_is_asked_for()
    {
        await using var letters = await Letters.CreateAsync(_folder);
        var value = letters.Future("a");
        await letters.AddAsync(0, value, DeadLetterReason.Future);
        var replayed = Assert.Single(await letters.ReplayAsync()).At!.Value;
        await letters.SetAsideAsync(replayed, value, DeadLetterReason.Future, Events.Start);
        for (var run = 0; run < 3; run++)
        {
            var outcomes = await letters.ReplayAsync();
            Assert.Equal([ReplayOutcome.AlreadyReplayed, ReplayOutcome.Skipped], outcomes.Select(letter => letter.Outcome));
            Assert.StartsWith("it is the replay of transactions/0/0, ", outcomes[1].Detail, StringComparison.Ordinal);
        }

        Assert.Equal(2, (await letters.ValuesAsync(0)).Count);
        var again = new ReplayFilter(null, null, null, null) { IsAgain = true };
        Assert.Equal(replayed with { Offset = 2 }, Assert.Single(await letters.ReplayAsync(again), letter => letter.Outcome == ReplayOutcome.Replayed).At);
        Assert.All(await letters.ReplayAsync(again), letter => Assert.Equal(ReplayOutcome.AlreadyReplayed, letter.Outcome));
    }

    [Fact]
    public async Task A_dry_run_writes_nothing_and_says_what_would_come()
    {
        await using var letters = await Letters.CreateAsync(_folder);
        await letters.AddAsync(0, letters.Future("a"), DeadLetterReason.Future);
        await using var log = new DyingLog(letters.Log, 0, isTaken: false);
        Assert.Equal(ReplayOutcome.WouldReplay, Assert.Single(await letters.ReplayAsync(isDry: true, log: log)).Outcome);
        Assert.Equal(0, log.Appends);
        Assert.Null(await letters.Log.DescribeTopicAsync(ReplayLedger.Topic, CancellationToken.None));
        Assert.Single(await letters.ValuesAsync(0));
    }

    [Fact]
    public async Task Only_what_the_filter_takes_is_replayed()
    {
        await using var letters = await Letters.CreateAsync(_folder);
        var early = await letters.AddAsync(0, letters.Future("a"), DeadLetterReason.Future, Events.Start + 10);
        var late = await letters.AddAsync(0, letters.Future("b"), DeadLetterReason.Future, Events.Start + 20);
        Assert.Empty(await letters.ReplayAsync(new ReplayFilter("labels", null, null, null)));
        Assert.Empty(await letters.ReplayAsync(new ReplayFilter(null, DeadLetterReason.NoKey, null, null)));
        Assert.Equal(early, Assert.Single(await letters.ReplayAsync(new ReplayFilter("transactions", DeadLetterReason.Future, Events.Start + 10, Events.Start + 20))).Origin);
        Assert.Equal(late, Assert.Single(await letters.ReplayAsync(), letter => letter.Outcome == ReplayOutcome.Replayed).Origin);
    }

    [Fact]
    public void An_entry_of_the_ledger_is_json_that_stays()
    {
        var entry = new ReplayEntry("transactions/3/104", 200, 201);
        Assert.Equal("""{"version":1,"origin":"transactions/3/104","from":200,"at":201}""", Encoding.UTF8.GetString(entry.ToBytes()));
        Assert.Equal(entry, ReplayEntry.Read(entry.ToBytes()));
        Assert.Null(ReplayEntry.Read("""{"version":2,"origin":"transactions/3/104","from":200}"""u8));
        Assert.Null(ReplayEntry.Read("text"u8));
    }

    [Fact]
    public async Task A_replayed_event_counts_once_and_its_origin_never_also_where_all_is_built_again()
    {
        var store = new MemoryStore();
        await using (var engine = await RunningEngine.StartAsync(_folder, TestFeatures.Catalog, direct: true, store: store))
        {
            var value = engine.Events.Bytes(Events.Transaction("card", Events.Start + Events.Day));
            await engine.Events.AppendRawAsync(value);
            await engine.AppliedAsync(1);
            await Eventually.TrueAsync("set aside", () => engine.Engine.Partitions.Sum(partition => partition.DeadLettered) == 1, () => "");
        }

        await using (var letters = await Letters.CreateAsync(_folder))
        {
            Assert.Equal(ReplayOutcome.Replayed, Assert.Single(await letters.ReplayAsync()).Outcome);
        }

        foreach (var states in new[] { store, new MemoryStore() })
        {
            await using var engine = await RunningEngine.StartAsync(_folder, TestFeatures.Catalog, direct: true, store: states);
            await engine.AppliedAsync(2);
            var plan = engine.Engine.Catalog.FindEntity("card")!;
            var values = new FeatureValue[plan.AllFeatures.OutputLength];
            await engine.Engine.ReadAsync(plan.AllFeatures, "card"u8.ToArray(), Events.Start + Events.Day + 1, null, 0, values, CancellationToken.None);
            Assert.Equal(1.0, values[0].Number);
        }
    }

    [Fact]
    public async Task An_event_that_is_a_dead_letter_stays_one_although_it_would_be_good_now()
    {
        // The letter says so, whatever its event is: as after a schema was registered, or a rule was mended.
        await using (var letters = await Letters.CreateAsync(_folder))
        {
            await letters.AddAsync(0, letters.Events.Bytes(Events.Transaction("card", Events.Start)), DeadLetterReason.UnknownSchema);
            await letters.AddAsync(0, letters.Events.Bytes(Events.Transaction("other", Events.Start)), DeadLetterReason.Poison);
        }

        await using var engine = await RunningEngine.StartAsync(_folder, TestFeatures.Catalog, direct: true);
        await engine.AppliedAsync(2);
        Assert.Equal(["other"], await CountedAsync(engine, "card", "other"));
        Assert.Single(await Events.ReadAsync<Transaction>(engine.Log, "transactions"), each => each.Event.CardId == "card");
    }

    private static async Task<List<string>> CountedAsync(RunningEngine engine, params string[] cards)
    {
        var plan = engine.Engine.Catalog.FindEntity("card")!;
        var counted = new List<string>();
        foreach (var card in cards)
        {
            var values = new FeatureValue[plan.AllFeatures.OutputLength];
            await engine.Engine.ReadAsync(plan.AllFeatures, Encoding.UTF8.GetBytes(card), Events.Start + 1, null, 0, values, CancellationToken.None);
            if (values[0].Number == 1)
            {
                counted.Add(card);
            }
        }

        return counted;
    }
}
