using System.Collections.Immutable;

namespace Streaming.Scoring.Registry;

/// <summary>One training, or anything else that was tried.</summary>
public sealed record Run
{
    /// <summary>32 hexadecimal digits.</summary>
    public required string Id { get; init; }

    /// <summary>Its experiment.</summary>
    public required string ExperimentId { get; init; }

    /// <summary>A name for people; need not be unique.</summary>
    public string Name { get; init; } = "";

    /// <summary>Who ran it.</summary>
    public string User { get; init; } = "";

    /// <summary>How far it is.</summary>
    public RunStatus Status { get; init; }

    /// <summary>When it began, in milliseconds since 1970.</summary>
    public long StartedAt { get; init; }

    /// <summary>When it ended; null while it runs.</summary>
    public long? EndedAt { get; init; }

    /// <summary>Whether it was deleted; it can be restored.</summary>
    public bool IsDeleted { get; init; }

    /// <summary>What it was run with; a value never changes.</summary>
    public ImmutableSortedDictionary<string, string> Params { get; init; } = ImmutableSortedDictionary<string, string>.Empty;

    /// <summary>Free texts.</summary>
    public ImmutableSortedDictionary<string, string> Tags { get; init; } = ImmutableSortedDictionary<string, string>.Empty;

    /// <summary>Every value of every metric, in the order of logging.</summary>
    public ImmutableArray<MetricPoint> Metrics { get; init; } = [];

    /// <summary>The newest value of each metric: of the highest step, then time, then value.</summary>
    public IEnumerable<MetricPoint> LatestMetrics() => Metrics
        .GroupBy(point => point.Key, StringComparer.Ordinal)
        .Select(points => points.OrderBy(p => p.Step).ThenBy(p => p.Timestamp).ThenBy(p => p.Value).Last())
        .OrderBy(point => point.Key, StringComparer.Ordinal);
}

/// <summary>How far a run is; the numbers are MLflow's.</summary>
public enum RunStatus
{
    /// <summary>Not known.</summary>
    None = 0,

    /// <summary>It runs.</summary>
    Running = 1,

    /// <summary>It will run.</summary>
    Scheduled = 2,

    /// <summary>It is done.</summary>
    Finished = 3,

    /// <summary>It failed.</summary>
    Failed = 4,

    /// <summary>It was ended from outside.</summary>
    Killed = 5,
}
