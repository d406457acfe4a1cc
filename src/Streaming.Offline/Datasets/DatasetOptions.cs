using System.Collections.Immutable;
using Streaming.Features.Plans;
using Streaming.Offline.Parquet;

namespace Streaming.Offline.Datasets;

/// <summary>Which rows get which features, from where.</summary>
public sealed record DatasetOptions
{
    /// <summary>The compiled definitions.</summary>
    public required FeatureCatalog Catalog { get; init; }

    /// <summary>The feature service.</summary>
    public required string Service { get; init; }

    /// <summary>The rows: a Parquet, CSV or TSV file, or a query over files and the topics of the lake.</summary>
    public required string Spine { get; init; }

    /// <summary>The lake's folder.</summary>
    public required string Lake { get; init; }

    /// <summary>The Parquet file to write: the spine's columns and one for each feature.</summary>
    public required string Output { get; init; }

    /// <summary>Which column of the spine holds which key or field of a request, where the names differ.</summary>
    public ColumnMap Map { get; init; } = ColumnMap.Empty;

    /// <summary>The spine's column with the time of a row; null for the one that is named or typed so.</summary>
    public string? Time { get; init; }

    /// <summary>From when on events count as known, where not from the record's timestamp on.</summary>
    public ImmutableArray<KnownTime> Known { get; init; } = [];

    /// <summary>How many threads work.</summary>
    public int Threads { get; init; } = Environment.ProcessorCount;

    /// <summary>How much memory the queries may take before they use the disk; entities' states are not in it.</summary>
    public int MemoryMebibytes { get; init; } = 384;
}

/// <summary>What was made.</summary>
/// <param name="Rows">Rows of the spine and of the output.</param>
/// <param name="Columns">The output's columns.</param>
/// <param name="Features">How many of them are features.</param>
public sealed record DatasetResult(long Rows, ImmutableArray<string> Columns, int Features);
