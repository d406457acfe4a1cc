using System.Buffers;
using System.Collections.Immutable;
using Streaming.Features.Language;
using Streaming.Features.Plans;
using Streaming.Features.State;

namespace Streaming.Features.Tests.Kit;

/// <summary>
/// A view with every case in these forms: over windows; with a condition; with a default and a ttl; with all three; over the
/// lifetime, where that is allowed, plain, with a condition, and with condition and ttl. Says what each feature must be.
/// </summary>
internal sealed class AggregationFixture
{
    public const double Default = -7;
    public const long Ttl = 6 * Views.Hour;

    private readonly List<Binding> _bindings = [];
    private readonly long _delay;

    // Every third feature, to slots in reverse: a service's read of part of a view.
    private readonly EntityReadPlan _some;

    public AggregationFixture(IEnumerable<AggregationCase> cases, ImmutableArray<WindowDefinition> windows, long delay, bool lifetime)
    {
        _delay = delay;
        var features = cases.SelectMany(c => Declare(c, windows, lifetime)).ToImmutableArray();
        Plan = Views.Entity(Views.View("v", delay, features));
        _some = EntityReadPlan.For(Plan, [.. Enumerable.Range(0, _bindings.Count).Where(i => i % 3 == 1).Select(i => (0, i, _bindings.Count - 1 - i))]);
    }

    public EntityPlan Plan { get; }

    public ViewPlan View => Plan.Views[0];

    public static void Apply(EntityState state, params IReadOnlyList<Transaction> events)
    {
        // Neighbours of one partition come as one delivery.
        for (var first = 0; first < events.Count;)
        {
            var run = events.Skip(first).TakeWhile(e => e.Partition == events[first].Partition).ToArray();
            var batch = Transactions.Batch(run);
            Assert.Equal(run.Length, state.Apply(state.Plan.Feeds[0], batch, Transactions.Rows(batch)));
            first += run.Length;
        }
    }

    public EntityState StateOf(IReadOnlyList<Transaction> events)
    {
        var state = new EntityState(Plan);
        Apply(state, events);
        return state;
    }

    public static byte[] BytesOf(EntityState state)
    {
        var output = new ArrayBufferWriter<byte>();
        StateBytes.Write(state, output);
        return output.WrittenSpan.ToArray();
    }

    public EntityState RoundTrip(EntityState state)
    {
        var (read, fault) = StateBytes.Read(Plan, BytesOf(state));
        Assert.Equal(StateFault.None, fault);
        return read!;
    }

    /// <summary>Reads as the owner, in whole and in part, and, where allowed, as any thread may; all must agree.</summary>
    public (ReadOutcome Outcome, FeatureValue[] Values) Read(EntityState state, long at, Transaction? hypothetical = null)
    {
        var request = hypothetical is null ? null : Transactions.Batch(hypothetical);
        var values = new FeatureValue[Plan.AllFeatures.OutputLength];
        var some = new FeatureValue[values.Length];
        state.Read(_some, at, request, 0, some);
        if (!Plan.AllFeatures.IsOptimistic)
        {
            var whole = state.Read(Plan.AllFeatures, at, request, 0, values);
            AssertPart(values, some);
            return (whole, values);
        }

        var optimistic = new FeatureValue[values.Length];
        var tried = state.TryRead(Plan.AllFeatures, at, request, 0, optimistic);
        var outcome = state.Read(Plan.AllFeatures, at, request, 0, values);
        Assert.Equal(outcome, tried);
        Assert.Equal(values, optimistic);
        AssertPart(values, some);
        return (outcome, values);
    }

    private static void AssertPart(FeatureValue[] values, FeatureValue[] some)
    {
        for (var i = 1; i < values.Length; i += 3)
        {
            Assert.Equal(values[i], some[values.Length - 1 - i]);
        }
    }

    /// <summary>Compares every feature with its twin.</summary>
    public void Check(EntityState state, NaiveEntity naive, long at, Transaction? hypothetical, string context)
    {
        var (outcome, values) = Read(state, at, hypothetical);
        if (at < naive.Newest - ViewPlan.ReadBackMillis)
        {
            Assert.True(outcome == ReadOutcome.TooOld, $"{context}: read at {at} is {outcome}, not too old");
            return;
        }

        Assert.True(outcome == ReadOutcome.Done, $"{context}: read at {at} is {outcome}");
        for (var i = 0; i < values.Length; i++)
        {
            var expected = Expected(_bindings[i], naive, at, hypothetical);
            Assert.True(
                Matches(expected, values[i], _bindings[i].Case.Tolerance),
                $"{context}: {View.Features[i].FullName} = {View.Features[i].Description} at {at}{(hypothetical is null ? "" : " with " + hypothetical)}: expected {expected}, got {values[i]}");
        }
    }

    private IEnumerable<AggregationDefinition> Declare(AggregationCase c, ImmutableArray<WindowDefinition> windows, bool lifetime)
    {
        AggregationDefinition Feature(string form, ImmutableArray<WindowDefinition> over, bool conditional = false, bool expires = false)
        {
            _bindings.AddRange(over.IsEmpty ? [new(c, null, conditional, expires)] : over.Select(w => new Binding(c, w.Millis, conditional, expires)));
            return Views.Feature(
                $"{c.Name}_{form}", c.Aggregation, c.Inputs, over, conditional ? Transactions.OtherIsPositive : null,
                expires ? Default : null, expires ? Ttl : null, c.Parameters);
        }

        yield return Feature("plain", windows);
        yield return Feature("where", windows, conditional: true);
        yield return Feature("ttl", windows, expires: true);
        yield return Feature("where_ttl", windows, conditional: true, expires: true);
        if (lifetime && c.Lifetime)
        {
            yield return Feature("life", []);
            yield return Feature("life_where", [], conditional: true);
            yield return Feature("life_where_ttl", [], conditional: true, expires: true);
        }
    }

    private FeatureValue Expected(Binding binding, NaiveEntity naive, long at, Transaction? hypothetical)
    {
        var window = naive.Window(at, _delay, binding.Window);
        if (hypothetical is not null && _delay == 0)
        {
            window.Add(hypothetical);
        }

        var counted = window
            .Where(e => binding.Case.SeesHypothetical || !ReferenceEquals(e, hypothetical))
            .Where(e => !binding.Conditional || Transactions.Fulfils(e))
            .Select(Transactions.AsInput).ToList();
        var substitute = binding.Expires ? Default : double.NaN;
        if (binding.Case.Twin(counted, at) is not { } result)
        {
            return new(substitute, null, FeatureStatus.Absent, long.MinValue);
        }

        var time = counted.LastOrDefault(e => Contributes(binding.Case, e))?.Time ?? long.MinValue;
        return binding.Expires && time != long.MinValue && time < at - Ttl ? new(substitute, null, FeatureStatus.Expired, time)
            : result is string text ? new(double.NaN, text, FeatureStatus.Present, time)
            : new((double)result, null, FeatureStatus.Present, time);
    }

    /// <summary>Whether an event has a value for any of the inputs.</summary>
    private static bool Contributes(AggregationCase c, Transaction e) => c.Inputs.IsEmpty || c.Inputs.Any(input => Transactions.Has(e, input));

    private static bool Matches(FeatureValue expected, FeatureValue actual, double tolerance)
    {
        // Equal bits, NaN included, or numbers within the tolerance.
        return expected.Equals(actual)
            || (tolerance > 0 && expected with { Number = 0 } == actual with { Number = 0 }
                && Math.Abs(expected.Number - actual.Number) <= tolerance * Math.Max(1, Math.Abs(expected.Number)));
    }

    private sealed record Binding(AggregationCase Case, long? Window, bool Conditional, bool Expires);
}
