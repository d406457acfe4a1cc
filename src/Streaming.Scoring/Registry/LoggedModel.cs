using System.Collections.Immutable;

namespace Streaming.Scoring.Registry;

/// <summary>A model as MLflow 3 knows it before it is registered: files of its own, made by a run.</summary>
public sealed record LoggedModel
{
    /// <summary><c>m-</c> and 32 hexadecimal digits.</summary>
    public required string Id { get; init; }

    /// <summary>Its experiment.</summary>
    public required string ExperimentId { get; init; }

    /// <summary>A name for people.</summary>
    public string Name { get; init; } = "";

    /// <summary>What kind it is, such as <c>onnx</c>.</summary>
    public string ModelType { get; init; } = "";

    /// <summary>The run that made it; empty for none.</summary>
    public string SourceRunId { get; init; } = "";

    /// <summary>Whether its files are there.</summary>
    public LoggedModelStatus Status { get; init; } = LoggedModelStatus.Pending;

    /// <summary>When it was made, in milliseconds since 1970.</summary>
    public long CreatedAt { get; init; }

    /// <summary>When it last changed.</summary>
    public long UpdatedAt { get; init; }

    /// <summary>Free texts.</summary>
    public ImmutableSortedDictionary<string, string> Tags { get; init; } = ImmutableSortedDictionary<string, string>.Empty;

    /// <summary>What it was made with.</summary>
    public ImmutableSortedDictionary<string, string> Params { get; init; } = ImmutableSortedDictionary<string, string>.Empty;
}

/// <summary>Whether a logged model's files are there; the numbers are MLflow's.</summary>
public enum LoggedModelStatus
{
    /// <summary>Not known.</summary>
    Unspecified = 0,

    /// <summary>They are being written.</summary>
    Pending = 1,

    /// <summary>They are there.</summary>
    Ready = 2,

    /// <summary>They could not be written.</summary>
    Failed = 3,
}
