// Hot: Assemble runs once per score.
using System.Collections.Immutable;
using System.Globalization;
using System.IO.Hashing;
using System.Text;
using Streaming.Features.Events;
using Streaming.Features.Language;

namespace Streaming.Features.Plans;

/// <summary>
/// A compiled feature service: what to read of which entity, by which field of the request the entity is named, and how the
/// vector that a model takes is put together. Immutable.
/// </summary>
public sealed class ServicePlan
{
    private readonly int[] _slots;
    private readonly Expression?[] _derivations;
    private readonly double[] _defaults;
    private readonly bool[] _counts;

    internal ServicePlan(
        string name,
        EventSource? request,
        ImmutableArray<string> reads,
        ImmutableArray<ServiceRead> entities,
        FeatureServiceDefinition definition,
        IReadOnlyList<FeaturePlan> features)
    {
        Name = name;
        Request = request;
        Reads = reads;
        Entities = entities;
        FeatureNames = [.. definition.Features.Select(f => f.Name)];
        _slots = [.. definition.Features.Select(f => f.Derivation is null ? reads.IndexOf(f.Name) : -1)];
        _derivations = [.. definition.Features.Select(f => f.Derivation)];
        _defaults = [.. features.Select(f => f.Default)];
        _counts = [.. features.Select(f => f.IsCount && f.TtlMillis == long.MaxValue)];
        Fingerprint = FingerprintOf(definition, features);
    }

    /// <summary>The service's name.</summary>
    public string Name { get; }

    /// <summary>What a request looks like as an event; null when nothing of the vector needs one.</summary>
    public EventSource? Request { get; }

    /// <summary>The full names of the view features that are read, by slot.</summary>
    public ImmutableArray<string> Reads { get; }

    /// <summary>One read per entity type; each writes to its slots of an output of <see cref="Reads"/>' length.</summary>
    public ImmutableArray<ServiceRead> Entities { get; }

    /// <summary>The vector's elements, in order.</summary>
    public ImmutableArray<string> FeatureNames { get; }

    /// <summary>
    /// 32 hexadecimal digits that change whenever an element of the vector may mean something else: its name or order, what it is
    /// computed of, its default, how its view reads events. A renamed service keeps them.
    /// </summary>
    public string Fingerprint { get; }

    /// <summary>
    /// Puts the vector together: defaults for what is absent or expired, derived features from the rest. A value that is not known, or
    /// too large for a float, is NaN.
    /// </summary>
    /// <param name="values">What was read, by slot.</param>
    /// <param name="request">The request as an event; may be null where <see cref="Request"/> is.</param>
    /// <param name="row">The request's row.</param>
    /// <param name="vector">Where the vector goes: as many floats as <see cref="FeatureNames"/>.</param>
    public void Assemble(ReadOnlySpan<FeatureValue> values, EventBatch? request, int row, Span<float> vector)
    {
        Span<double> numbers = stackalloc double[Reads.Length];
        for (var i = 0; i < numbers.Length; i++)
        {
            numbers[i] = ValueOrDefault(i, values[i]);
        }

        var context = new ExpressionContext(request!, row, numbers);
        for (var i = 0; i < _slots.Length; i++)
        {
            var element = (float)Element(i, context);
            vector[i] = float.IsFinite(element) ? element : float.NaN;
        }
    }

    /// <summary>One element of the vector in full precision, from numbers that have their defaults already.</summary>
    public double Element(int index, in ExpressionContext context) =>
        _slots[index] >= 0 ? context.Features[_slots[index]] : _derivations[index]!.Evaluate(context);

    /// <summary>The slot that an element of the vector is, or -1 when it is derived.</summary>
    public int SlotOf(int index) => _slots[index];

    /// <summary>Whether an element of the vector is a whole number for every entity: a count that never expires.</summary>
    public bool IsCount(int index) => _slots[index] >= 0 && _counts[_slots[index]];

    /// <summary>Calls <paramref name="visit"/> with every field of the request that the derived elements read.</summary>
    public void VisitRequestFields(Action<int> visit)
    {
        foreach (var derivation in _derivations)
        {
            derivation?.VisitFields(visit);
        }
    }

    /// <summary>A slot's value with its default in place of absent and expired.</summary>
    public double ValueOrDefault(int slot, in FeatureValue value) => value.Status == FeatureStatus.Present ? value.Number : _defaults[slot];

    private string FingerprintOf(FeatureServiceDefinition definition, IReadOnlyList<FeaturePlan> features)
    {
        var text = new StringBuilder();
        text.Append("request ").Append(Request?.Name).Append('\n');
        foreach (var element in definition.Features)
        {
            text.Append(element.Name).Append(" = ").Append(element.Derivation?.Canonical).Append('\n');
        }

        foreach (var feature in features)
        {
            text.Append(CultureInfo.InvariantCulture, $"{feature.FullName}: {feature.Description}, ")
                .Append(CultureInfo.InvariantCulture, $"{feature.Default:R}, {feature.TtlMillis}\n");
        }

        foreach (var read in Entities)
        {
            var views = read.Plan.Entity.Views.Where(view => view.Features.Any(feature => Reads.Contains(feature.FullName)));
            var key = read.KeyField < 0 ? null : Request!.Fields[read.KeyField].Name;
            text.Append(CultureInfo.InvariantCulture, $"{read.Plan.Entity.Name} by {key}\n");
            text.AppendJoin(' ', views.Select(view => view.Fingerprint)).Append('\n');
        }

        return Convert.ToHexStringLower(XxHash128.Hash(Encoding.UTF8.GetBytes(text.ToString())));
    }
}

/// <summary>The part of a service that one entity answers.</summary>
/// <param name="Plan">What to read.</param>
/// <param name="KeyField">The request's field that names the entity, the key of one of its views; -1 where the service has no
/// request.</param>
public sealed record ServiceRead(EntityReadPlan Plan, int KeyField);
