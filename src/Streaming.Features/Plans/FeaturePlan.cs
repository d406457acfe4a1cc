using Streaming.Features.Aggregations;
using Streaming.Features.Events;

namespace Streaming.Features.Plans;

/// <summary>One compiled feature: an aggregation over one window of its view.</summary>
public sealed class FeaturePlan
{
    internal FeaturePlan(
        string view,
        string fullName,
        FieldType type,
        int window,
        Aggregator aggregator,
        int[] columns,
        double? defaultValue,
        long? ttlMillis,
        string description)
    {
        View = view;
        FullName = fullName;
        Type = type;
        Window = window;
        Aggregator = aggregator;
        Default = defaultValue ?? double.NaN;
        TtlMillis = ttlMillis ?? long.MaxValue;
        Description = description;
        Columns = columns;
    }

    /// <summary>The view that declares it.</summary>
    public string View { get; }

    /// <summary><c>view.feature_window</c>.</summary>
    public string FullName { get; }

    /// <summary>What its values are; a number for all but first and last.</summary>
    public FieldType Type { get; }

    /// <summary>What stands in for an absent or expired value; NaN for nothing.</summary>
    public double Default { get; }

    /// <summary>The age of the newest event that contributes at which the value expires; <see cref="long.MaxValue"/> for never.</summary>
    public long TtlMillis { get; }

    /// <summary>What is computed, in words of the language.</summary>
    public string Description { get; }

    /// <summary>Whether its values are whole numbers: counts.</summary>
    public bool IsCount => Aggregator.IsCount;

    internal int Window { get; }

    internal int[] Columns { get; }

    internal Aggregator Aggregator { get; }
}
