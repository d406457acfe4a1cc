using System.Text;
using Streaming.Engine;
using Streaming.Features.Events;
using Streaming.Features.Plans;
using Streaming.Features.Serving;
using Streaming.Features.State;
using Streaming.Log;

namespace Streaming.Node.Tests.Fakes;

/// <summary>Real entity states; which of them are at hand, and how fresh the node is, is the test's to say.</summary>
internal sealed class FakeFeatureStore(FeatureCatalog catalog) : IFeatureStore, IEngineStatus
{
    private readonly Dictionary<(string Entity, string Key), EntityState> _entities = [];
    private int _writtenReads;

    public FeatureCatalog Catalog { get; } = catalog;

    public EventTime NewestEventTime { get; set; } = new(1_533_081_600_000);

    public bool IsCaughtUp { get; set; } = true;

    public string? Fault { get; set; }

    public string? StoreFault { get; set; }

    public bool IsReady { get; set; } = true;

    public List<PartitionStatus> Statuses { get; } =
        [new(new TopicPartition("transactions", 0), 90, 100, new EventTime(1_533_081_600_000), PartitionState.Live, null, 90, 1) { NewestTimestamp = new EventTime(1_533_081_600_000) }];

    public IReadOnlyList<PartitionStatus> Partitions => Statuses;

    public IReadOnlyList<EntityCount> Entities => [new("card", _entities.Count, 1000)];

    public EntityMemory Memory => new(0, 1_000_000, 0, 1L << 30, 0, 0, 0, 0);

    public IReadOnlyList<ShardStatus> Shards { get; set; } = [new("card", 0, true, 7, TimeSpan.FromSeconds(3), TimeSpan.FromSeconds(2), 40, 4_000, 5)];

    public EventTime HistoryFrom { get; set; } = EventTime.None;

    /// <summary>What a read at once says in place of reading.</summary>
    public Func<string, ReadOutcome?> AtOnce { get; set; } = _ => null;

    /// <summary>What a read by message does before it reads.</summary>
    public Func<string, Task> Asked { get; set; } = _ => Task.CompletedTask;

    public int AtOnceReads { get; private set; }

    public int AskedReads { get; private set; }

    /// <summary>How many reads by message have written what they read.</summary>
    public int WrittenReads => Volatile.Read(ref _writtenReads);

    /// <summary>Applies a transaction of a card.</summary>
    public void Pay(string card, long atMillis, double amount, string? country = null, string? id = null)
    {
        var plan = Catalog.FindEntity("card")!;
        var feed = plan.Feeds[0];
        var batch = new EventBatch(feed.Source, default, 1) { Count = 1 };
        for (var field = 0; field < feed.Source.Fields.Length; field++)
        {
            batch[field]!.SetNull(0);
        }

        batch.Times(feed.Source.IndexOf("ts"))[0] = atMillis;
        batch.Numbers(feed.Source.IndexOf("amount"))[0] = amount;
        if (country is not null)
        {
            batch.Texts(feed.Source.IndexOf("country")).Buffer = Encoding.UTF8.GetBytes(country);
            batch.Texts(feed.Source.IndexOf("country")).Set(0, 0, country.Length);
        }

        if (id is not null)
        {
            batch.Texts(feed.Source.IndexOf("event_id")).Buffer = Encoding.UTF8.GetBytes(id);
            batch.Texts(feed.Source.IndexOf("event_id")).Set(0, 0, id.Length);
        }

        var state = StateOf(plan, card);
        batch.Offsets[0] = state.AppliedOffset(feed, 0) + 1;
        state.Apply(feed, batch, [0]);
    }

    /// <summary>Applies a click to its user, its item and its category.</summary>
    public void Click(string user, string item, string category, string kind, long atMillis, double price = 10)
    {
        foreach (var (entity, key) in new[] { ("user", user), ("item", item), ("category", category) })
        {
            var plan = Catalog.FindEntity(entity)!;
            foreach (var feed in plan.Feeds)
            {
                var batch = new EventBatch(feed.Source, default, 1) { Count = 1 };
                for (var field = 0; field < feed.Source.Fields.Length; field++)
                {
                    batch[field]!.SetNull(0);
                }

                batch.Times(feed.Source.IndexOf("ts"))[0] = atMillis;
                batch.Numbers(feed.Source.IndexOf("price"))[0] = price;
                foreach (var (field, text) in new[] { ("user_id", user), ("item_id", item), ("category", category), ("kind", kind) })
                {
                    var column = batch.Texts(feed.Source.IndexOf(field));
                    column.Buffer = Encoding.UTF8.GetBytes(text);
                    column.Set(0, 0, column.Buffer.Length);
                }

                var state = StateOf(plan, key);
                batch.Offsets[0] = state.AppliedOffset(feed, 0) + 1;
                state.Apply(feed, batch, [0]);
            }
        }
    }

    public ReadOutcome TryRead(EntityReadPlan read, ReadOnlySpan<byte> key, long atMillis, EventBatch? request, int row, Span<FeatureValue> output)
    {
        AtOnceReads++;
        var text = Encoding.UTF8.GetString(key);
        return AtOnce(text) ?? (read.IsOptimistic ? StateOf(read.Entity, text).TryRead(read, atMillis, request, row, output) : ReadOutcome.NotHere);
    }

    public async ValueTask<ReadOutcome> ReadAsync(
        EntityReadPlan read, ReadOnlyMemory<byte> key, long atMillis, EventBatch? request, int row, Memory<FeatureValue> output, CancellationToken cancellation)
    {
        AskedReads++;
        await Asked(Encoding.UTF8.GetString(key.Span)).WaitAsync(cancellation);
        var outcome = StateOf(read.Entity, Encoding.UTF8.GetString(key.Span)).Read(read, atMillis, request, row, output.Span);
        Interlocked.Increment(ref _writtenReads);
        return outcome;
    }

    private EntityState StateOf(EntityPlan plan, string key)
    {
        lock (_entities)
        {
            if (!_entities.TryGetValue((plan.Name, key), out var state))
            {
                state = new EntityState(plan);
                _entities.Add((plan.Name, key), state);
            }

            return state;
        }
    }
}
