using System.Collections.Immutable;
using BenchmarkDotNet.Attributes;
using Streaming.Features.Events;
using Streaming.Features.Language;
using Streaming.Features.Plans;
using Streaming.Features.State;
using Streaming.Hocon;

namespace Streaming.Benchmarks;

/// <summary>
/// What an entity costs per event and per read, with 100 events in the longest window: the handbook's features of a card and of a
/// terminal. Bytes are a budget: 0.
/// </summary>
[MemoryDiagnoser]
public class FeatureBenchmarks
{
    private const int Events = 1_000;
    private readonly FeatureValue[] _values = new FeatureValue[12];
    private readonly int[] _row = new int[1];
    private EventBatch _batch = null!;
    private EntityState _card = null!;
    private EntityState _both = null!;
    private long _time;

    /// <summary>Fills both entities with a steady month.</summary>
    [GlobalSetup]
    public void Fill()
    {
        _batch = FeatureSamples.Batch(Events);
        _card = new EntityState(FeatureSamples.Entity(FeatureSamples.CardActivity));
        _both = new EntityState(FeatureSamples.Entity(FeatureSamples.CardActivity, FeatureSamples.TerminalRisk));
        ApplyOneByOne(_card);
        ApplyOneByOne(_both);
    }

    /// <summary>One event enters six window features of a card while another leaves.</summary>
    [Benchmark(OperationsPerInvoke = Events)]
    public int ApplyToSixFeatures() => ApplyOneByOne(_card);

    /// <summary>Twelve features for a scoring request that is in the windows itself, by the owner, a second after the last.</summary>
    [Benchmark(OperationsPerInvoke = Events)]
    public ReadOutcome ReadTwelveFeatures()
    {
        var outcome = ReadOutcome.Done;
        var at = _both.Newest.Millis;
        for (var i = 0; i < Events; i++)
        {
            outcome |= _both.Read(_both.Plan.AllFeatures, at + i, _batch, i, _values);
        }

        return outcome;
    }

    /// <summary>The same from another thread than the owner's.</summary>
    [Benchmark(OperationsPerInvoke = Events)]
    public ReadOutcome TryReadTwelveFeatures()
    {
        var outcome = ReadOutcome.Done;
        var at = _both.Newest.Millis;
        for (var i = 0; i < Events; i++)
        {
            outcome |= _both.TryRead(_both.Plan.AllFeatures, at + i, _batch, i, _values);
        }

        return outcome;
    }

    private int ApplyOneByOne(EntityState state) => FeatureSamples.ApplyOneByOne(state, _batch, _row, ref _time);
}

/// <summary>One row an aggregation: an event applied and a feature over 30 days with 100 events read.</summary>
[MemoryDiagnoser]
public class AggregationBenchmarks
{
    private const int Events = 1_000;
    private readonly FeatureValue[] _values = new FeatureValue[1];
    private readonly int[] _row = new int[1];
    private EventBatch _batch = null!;
    private EntityState _state = null!;
    private long _time;

    /// <summary>The aggregation's name in the language.</summary>
    [Params(
        "count", "sum", "avg", "min", "max", "variance", "stddev", "first", "last", "count_distinct", "approx_count_distinct", "percentile", "ratio",
        "time_since_last")]
    public string Aggregation { get; set; } = "count";

    /// <summary>Fills an entity with a steady month.</summary>
    [GlobalSetup]
    public void Fill()
    {
        _batch = FeatureSamples.Batch(Events);
        _state = new EntityState(FeatureSamples.Entity(FeatureSamples.View("v", FeatureSamples.Feature("f", Aggregation, FeatureSamples.ThirtyDays))));
        Apply();
    }

    /// <summary>Per event.</summary>
    [Benchmark(OperationsPerInvoke = Events)]
    public int Apply() => FeatureSamples.ApplyOneByOne(_state, _batch, _row, ref _time);

    /// <summary>Per read.</summary>
    [Benchmark(OperationsPerInvoke = Events)]
    public ReadOutcome Read()
    {
        var outcome = ReadOutcome.Done;
        var at = _state.Newest.Millis;
        for (var i = 0; i < Events; i++)
        {
            outcome |= _state.Read(_state.Plan.AllFeatures, at + i, _batch, i, _values);
        }

        return outcome;
    }
}

/// <summary>The views, and a steady stream of which 30 days hold 100 events.</summary>
internal static class FeatureSamples
{
    public const long Day = 24 * 3600 * 1000L;

    public static readonly WindowDefinition OneDay = new("1d", Day);
    public static readonly WindowDefinition SevenDays = new("7d", 7 * Day);
    public static readonly WindowDefinition ThirtyDays = new("30d", 30 * Day);

    private static readonly EventSource s_source = new("transactions",
    [
        new("card_id", FieldType.Text, Nullable: false),
        new("ts", FieldType.Time, Nullable: false),
        new("amount", FieldType.Number, Nullable: false),
        new("fraud", FieldType.Flag, Nullable: true),
    ]);

    private static readonly SourcePosition s_here = new("benchmark.conf", 1, 1);
    private static readonly Expression s_amount = new Field(2);
    private static readonly Expression s_fraud = new Field(3);

    public static FeatureViewDefinition CardActivity { get; } = View("card_activity",
        Feature("tx_count", "count", OneDay, SevenDays, ThirtyDays), Feature("amount_avg", "avg", OneDay, SevenDays, ThirtyDays));

    public static FeatureViewDefinition TerminalRisk { get; } = View("terminal_risk",
        Feature("tx_count", "count", OneDay, SevenDays, ThirtyDays),
        Feature("risk", "avg", OneDay, SevenDays, ThirtyDays) with { Inputs = [s_fraud] }) with
    { DelayMillis = 7 * Day };

    public static FeatureViewDefinition View(string name, params ImmutableArray<AggregationDefinition> features) =>
        new(name, s_here, "card", s_source.Name, "card_id", "ts", 0, features);

    public static AggregationDefinition Feature(string name, string aggregation, params ImmutableArray<WindowDefinition> over) => new(
        name, s_here, new(aggregation, s_here),
        aggregation is "count" or "time_since_last" ? [] : aggregation == "ratio" ? [s_amount, s_fraud] : [s_amount],
        null, over, null, null, ImmutableDictionary<string, double>.Empty.Add("p", 90));

    public static EntityPlan Entity(params ImmutableArray<FeatureViewDefinition> views) =>
        FeatureCatalog.Compile(new FeatureDefinitions(views, []), [s_source]).Entities.Single();

    public static EventBatch Batch(int events)
    {
        var batch = new EventBatch(s_source, [], events) { Count = events };
        for (var i = 0; i < events; i++)
        {
            batch.Numbers(2)[i] = i * 7919 % 10_000 / 100.0;
            batch.Numbers(3)[i] = i % 50 == 0 ? 1 : 0;
        }

        return batch;
    }

    /// <summary>Applies every row as the next event of the stream: times and offsets go on from where they are.</summary>
    public static int ApplyOneByOne(EntityState state, EventBatch batch, int[] row, ref long time)
    {
        var applied = 0;
        for (var i = 0; i < batch.Count; i++)
        {
            row[0] = i;
            time++;
            batch.Offsets[i] = time;
            batch.Times(1)[i] = time * (30 * Day / 100);
            applied += state.Apply(state.Plan.Feeds[0], batch, row);
        }

        return applied;
    }

    private sealed class Field(int index) : Expression
    {
        public override FieldType Type => s_source.Fields[index].Type;

        public override string Canonical => s_source.Fields[index].Name;

        public override double Evaluate(in ExpressionContext context) => context.Batch.Numbers(index)[context.Row];

        public override void VisitFields(Action<int> visit) => visit(index);
    }
}
