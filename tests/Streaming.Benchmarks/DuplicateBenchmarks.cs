using System.Text;
using BenchmarkDotNet.Attributes;
using Streaming.Features.Events;
using Streaming.Features.Plans;
using Streaming.Features.State;

namespace Streaming.Benchmarks;

/// <summary>
/// What it costs to tell duplicates, and to correct events: the handbook's features of a card, 100 events in 30 days, ids of 36 characters. Bytes are a budget: 0.
/// </summary>
[MemoryDiagnoser]
public class DuplicateBenchmarks
{
    private const int Events = 1_000;

    private static readonly EventSource s_source = new("transactions",
    [
        new("card_id", FieldType.Text, Nullable: false),
        new("ts", FieldType.Time, Nullable: false),
        new("amount", FieldType.Number, Nullable: false),
        new("event_id", FieldType.Text, Nullable: false),
    ]);

    private readonly FeatureValue[] _values = new FeatureValue[6];
    private readonly int[] _row = new int[1];
    private EventBatch _batch = null!;
    private EntityState _card = null!;
    private long _time;

    /// <summary>What the topic declares.</summary>
    [Params("duplicates = off", "duplicates { horizon = 7d }", "duplicates { horizon = 31d }", "corrects-by = event_id")]
    public string Topic { get; set; } = "";

    /// <summary>Fills a card with a steady month.</summary>
    [GlobalSetup]
    public void Fill()
    {
        var (catalog, diagnostics) = FeatureCatalog.Compile([("benchmark.conf", $$"""
            topic transactions { {{Topic}} }
            feature-view card_activity {
              entity = card, source = transactions, key = card_id, time = ts
              features { tx_count { count = "*", over = [1d, 7d, 30d] }, amount_avg { avg = amount, over = [1d, 7d, 30d] } }
            }
            """)], [s_source]);
        _card = new EntityState((catalog ?? throw new InvalidOperationException(string.Join('\n', diagnostics))).FindEntity("card")!);
        _batch = Batch();
        Apply();
        Console.WriteLine($"{Topic}: {_card.MemoryBytes} bytes of state, {_card.Bytes} in all, {StateBytes.ToArray(_card).Length} as bytes");
    }

    /// <summary>One event enters six window features of a card while another leaves.</summary>
    [Benchmark(OperationsPerInvoke = Events)]
    public int Apply() => FeatureSamples.ApplyOneByOne(_card, _batch, _row, ref _time);

    /// <summary>Six features for a scoring request that was not posted, from another thread.</summary>
    [Benchmark(OperationsPerInvoke = Events)]
    public ReadOutcome TryRead()
    {
        var outcome = ReadOutcome.Done;
        var at = _card.Newest.Millis;
        for (var i = 0; i < Events; i++)
        {
            outcome |= _card.TryRead(_card.Plan.AllFeatures, at + i, _batch, i, _values);
        }

        return outcome;
    }

    // An id comes again after 300 days.
    private static EventBatch Batch()
    {
        var batch = new EventBatch(s_source, [], Events) { Count = Events };
        batch.Texts(3).Buffer = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Range(0, Events).Select(i => new Guid(i, 7, 9, [1, 2, 3, 4, 5, 6, 7, 8]))));
        for (var i = 0; i < Events; i++)
        {
            batch.Numbers(2)[i] = i * 7919 % 10_000 / 100.0;
            batch.Texts(3).Set(i, i * 36, 36);
        }

        return batch;
    }
}
