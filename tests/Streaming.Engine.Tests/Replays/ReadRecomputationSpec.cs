using System.Collections.Concurrent;
using System.Text;
using Streaming.Contracts.Events;
using Streaming.Contracts.Registry;
using Streaming.Engine.Replays;
using Streaming.Features.Events;
using Streaming.Features.Plans;
using Streaming.Features.Serving;
using Streaming.Features.State;
using Streaming.Persistence.Conformance;

namespace Streaming.Engine.Tests.Replays;

/// <summary>Reads that were answered while events came, against what the log gives for the very offsets that they had seen.</summary>
public sealed class ReadRecomputationSpec : IDisposable
{
    private const long Day = Streaming.Engine.Tests.Events.Day;

    private const string Definitions = """
        topic transactions { duplicates { horizon = 7d } }
        topic labels { corrects-by = transaction_id }
        feature-view card_activity {
          entity = card, source = transactions, key = card_id, time = ts
          features {
            n { count = "*", over = [1d, 7d, 30d] }
            amount { sum = amount, over = [1d, 30d], default = 0 }
            channel { last = channel, over = [30d] }
          }
        }
        feature-view terminal_risk {
          entity = terminal, source = transactions, key = terminal_id, time = ts
          delay = 7d
          features { n { count = "*", over = [1d, 30d] }, risk { avg = fraud, over = [30d], default = 0 } }
        }
        feature-view terminal_labels {
          entity = terminal, source = labels, key = terminal_id, time = transaction_ts
          features { n { count = "*", over = [30d] }, risk { avg = fraud, over = [30d], default = 0 } }
        }
        """;

    private readonly TempFolder _folder = new();
    private readonly ConcurrentDictionary<ParitySkip, int> _skipped = [];
    private int _unanswered;
    private long _offsets;

    public void Dispose() => _folder.Dispose();

    // With the lower ceiling entities leave memory and come back on the way.
    [Theory]
    [InlineData(1_000, "")]
    [InlineData(12, "")]
    [InlineData(1_000, "feature-view card_life { entity = card, source = transactions, key = card_id, time = ts, features { ever { count = \"*\" } } }")]
    public async Task Reads_beside_late_repeated_correcting_and_bad_events_are_what_the_log_gives(long entitiesMax, string more)
    {
        var (catalog, store) = (TestFeatures.Of($"{Definitions}\n{more}"), new MemoryStore());
        var (transactions, reads) = (Streaming.Engine.Tests.Events.Random(31, 4_000), new List<PinnedRead>());
        await using (var first = await RunningEngine.StartAsync(_folder, catalog, direct: true, entitiesMax: entitiesMax, store: store))
        {
            reads.AddRange(await ReadBesideAsync(first, transactions[..2_500]));
            await AssertSameAsync(first, reads);
            await Eventually.TrueAsync("durable", () => first.Engine.Partitions.All(partition => partition.RestartOffset == partition.NextOffset));
        }

        // What comes from snapshots is held against the same log.
        await using var second = await RunningEngine.StartAsync(_folder, catalog, direct: true, entitiesMax: entitiesMax, store: store);
        await Eventually.TrueAsync("caught up", () => second.Engine.IsCaughtUp);
        reads = await ReadBesideAsync(second, transactions[2_500..]);
        await AssertSameAsync(second, reads);
        Assert.True(reads.Count > 100, $"{reads.Count} reads, skipped: {string.Join(", ", _skipped)}, unanswered: {_unanswered}");
        Assert.True(_unanswered < 5, $"{_unanswered} reads without an answer");
    }

    [Fact]
    public async Task A_read_that_lacks_an_event_or_has_one_more_differs()
    {
        await using var running = await StartAsync();
        await running.Events.AppendAsync(Streaming.Engine.Tests.Events.Random(32, 1_000));
        await running.AppliedAsync(1_000);
        var card = running.Engine.Catalog.FindEntity("card")!;
        var read = await ReadAsync(running, card, "card-1", 0);
        Assert.NotNull(read);
        Assert.Empty(await DifferingAsync(running, [read]));
        var slot = Slot(card, "card_activity.n_30d");
        read.Values[slot] = read.Values[slot] with { Number = read.Values[slot].Number + 1 };
        Assert.Equal([slot], (await DifferingAsync(running, [read])).Select(each => each.Slot));
    }

    [Fact]
    public async Task An_entity_that_lost_all_its_events_is_no_new_one()
    {
        await using var running = await StartAsync();
        await running.Events.AppendAsync(Streaming.Engine.Tests.Events.Random(33, 1_000));
        await running.AppliedAsync(1_000);
        var card = running.Engine.Catalog.FindEntity("card")!;
        var read = await ReadAsync(running, card, "never-seen", 0);

        // As if the node had answered of a card of the log what it answers of one that there is not.
        Assert.Empty(await DifferingAsync(running, [read!]));
        Assert.Contains(Slot(card, "card_activity.n_30d"), (await DifferingAsync(running, [read! with { Key = "card-1"u8.ToArray() }])).Select(each => each.Slot));
    }

    [Fact]
    public async Task An_event_during_the_read_is_told()
    {
        await using var running = await StartAsync();
        var card = running.Engine.Catalog.FindEntity("card")!;
        await running.AppliedAsync(0);
        var sample = new AnswerSample(running.Engine);
        sample.Pin(card.AllFeatures, "c"u8);
        await running.Events.AppendAsync(Streaming.Engine.Tests.Events.Transaction("c", Streaming.Engine.Tests.Events.Start));
        await running.AppliedAsync(1);
        sample.Close();
        Assert.Equal(ParitySkip.Changed, sample.Skip);
    }

    [Fact]
    public async Task Only_the_log_that_windows_reach_is_read()
    {
        await using var running = await StartAsync();
        var old = Enumerable.Range(0, 500).Select(i => Streaming.Engine.Tests.Events.Transaction("c", Streaming.Engine.Tests.Events.Start + i));
        await running.Events.AppendAsync(old);
        await running.Events.AppendAsync(Enumerable.Range(0, 50).Select(i => Streaming.Engine.Tests.Events.Transaction("c", Streaming.Engine.Tests.Events.Start + (100 * Day) + i)));
        await running.AppliedAsync(550);
        var read = await ReadAsync(running, running.Engine.Catalog.FindEntity("card")!, "c", 0);
        Assert.Empty(await DifferingAsync(running, [read!]));
        Assert.Equal(50, _offsets);
    }

    private static int Slot(EntityPlan entity, string feature) => entity.AllFeatures.Slots[entity.AllFeatures.Features.IndexOf(feature)];

    private Task<RunningEngine> StartAsync() => RunningEngine.StartAsync(_folder, TestFeatures.Of(Definitions), direct: true);

    // Events are appended as fast as they are taken, and read meanwhile until all are applied.
    private async Task<List<PinnedRead>> ReadBesideAsync(RunningEngine running, List<Transaction> transactions)
    {
        var (reads, random, isOver) = (new List<PinnedRead>(), new Random(7), false);
        var before = running.Engine.Partitions.Sum(partition => partition.NextOffset);
        var appended = 0L;
        var appending = Task.Run(async () =>
        {
            foreach (var (i, some) in transactions.Chunk(40).Index())
            {
                // One in ten comes twice, labels come twice and the second time as the opposite, and some bytes are no event.
                var sent = some.Concat(some.Where((_, n) => n % 10 == 0)).ToList();
                await running.Events.AppendAsync(sent);
                var labels = some.Where((_, n) => n % 4 == 0).SelectMany(each => new[] { LabelOf(each, true, 0), LabelOf(each, false, 1) }).ToList();
                await running.Events.AppendAsync(labels);
                await running.Events.AppendRawAsync([(byte)i, 2, 3]);
                appended += sent.Count + labels.Count + 1;
            }
        });
        while (!isOver)
        {
            isOver = appending.IsCompleted && running.Engine.IsCaughtUp && running.Engine.Partitions.Sum(partition => partition.NextOffset) == before + appended;
            var (entity, key) = random.Next(2) == 0 ? ("card", $"card-{random.Next(42)}") : ("terminal", $"terminal-{random.Next(10)}");
            var ago = random.Next(3) switch { 0 => 0, 1 => random.NextInt64(Day), _ => -random.NextInt64(40 * Day) };
            if (await ReadAsync(running, running.Engine.Catalog.FindEntity(entity)!, key, ago) is { } read && (isOver || reads.Count < 1_000))
            {
                reads.Add(read);
            }
        }

        await appending;
        return reads;
    }

    private static Label LabelOf(Transaction transaction, bool fraud, long later) => new()
    {
        TransactionId = transaction.EventId,
        CardId = transaction.CardId,
        TerminalId = transaction.TerminalId,
        TransactionTs = transaction.Ts,
        Fraud = fraud,
        LabelledAt = new EventTime(Math.Max(transaction.Ts.Millis, Streaming.Engine.Tests.Events.Start) + later),
    };

    private async Task<PinnedRead?> ReadAsync(RunningEngine running, EntityPlan entity, string key, long ago)
    {
        var (engine, plan, utf8) = (running.Engine, entity.AllFeatures, Encoding.UTF8.GetBytes(key));
        var at = (engine.NewestEventTime == EventTime.None ? Streaming.Engine.Tests.Events.Start : engine.NewestEventTime.Millis) - ago;
        var (sample, values) = (new AnswerSample(engine), new FeatureValue[plan.OutputLength]);
        sample.Pin(plan, utf8);
        var outcome = engine.TryRead(plan, utf8, at, null, 0, values);
        if (outcome is not (ReadOutcome.Done or ReadOutcome.TooOld))
        {
            try
            {
                outcome = await engine.ReadAsync(plan, utf8, at, null, 0, values, CancellationToken.None);
            }
            catch (TimeoutException)
            {
                // A node answers it with 503 where others have the cores: no answer, so nothing to compare.
                _unanswered++;
                return null;
            }
        }

        sample.Close();
        if (sample.Skip is { } reason)
        {
            _skipped.AddOrUpdate(reason, 1, static (_, count) => count + 1);
        }

        return outcome == ReadOutcome.Done && sample.Skip is null ? Assert.Single(sample.Reads(at, null, values)) : null;
    }

    private async Task AssertSameAsync(RunningEngine running, List<PinnedRead> reads) => Assert.Empty(
        (await DifferingAsync(running, reads)).Select(each => (each.Read.Plan.Entity.Name, Encoding.UTF8.GetString(each.Read.Key), each.Read.AtMillis, each.Slot, each.Read.Values[each.Slot], each.Log)));

    private async Task<List<(PinnedRead Read, int Slot, FeatureValue Log)>> DifferingAsync(RunningEngine running, List<PinnedRead> reads)
    {
        var registry = new EmbeddedSchemaRegistry(_folder["registry"]);
        var services = new ReplayServices(running.Log, registry, running.Engine.Catalog, SourceHarness.Quick, TimeProvider.System);
        var recomputation = new ReadRecomputation(services, (offsets, _) =>
        {
            _offsets += offsets;
            return ValueTask.CompletedTask;
        });
        var recomputed = await recomputation.RunAsync(reads, CancellationToken.None);
        Assert.All(recomputed, each => Assert.Equal((null, ReadOutcome.Done), (each.Skip, each.Outcome)));
        return
        [
            .. reads.Zip(recomputed).SelectMany(pair => pair.First.Plan.Slots
                .Where(slot => pair.First.Values[slot] != pair.Second.Values[slot])
                .Select(slot => (pair.First, slot, pair.Second.Values[slot]))),
        ];
    }
}
