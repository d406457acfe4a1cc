using System.Collections.Immutable;
using Streaming.Features.Plans;
using Streaming.Offline.Parquet;

namespace Streaming.Offline.Backfill;

/// <summary>What to compute, from which files, to which file.</summary>
public sealed record BackfillOptions
{
    /// <summary>The compiled definitions.</summary>
    public required FeatureCatalog Catalog { get; init; }

    /// <summary>The feature service whose vector is computed.</summary>
    public required string Service { get; init; }

    /// <summary>
    /// Parquet or CSV files with the events of every source that the service reads, those of one source together in any order.
    /// </summary>
    public required ImmutableArray<BackfillInput> Inputs { get; init; }

    /// <summary>
    /// Which column holds which field of the events; where the service reads several sources, fields are <c>source.field</c>.
    /// </summary>
    public required ColumnMap Map { get; init; }

    /// <summary>The source whose events are the rows; null for the service's request, or else the first input's.</summary>
    public string? Spine { get; init; }

    /// <summary>The Parquet file to write: the event's id and one column for each feature.</summary>
    public required string Output { get; init; }

    /// <summary>How many threads compute.</summary>
    public int Threads { get; init; } = Environment.ProcessorCount;
}

/// <summary>How far a backfill is.</summary>
public readonly record struct BackfillProgress(long Rows, long TotalRows);

/// <summary>What a backfill did.</summary>
/// <param name="Rows">Rows read and written.</param>
/// <param name="Columns">The output's columns.</param>
public sealed record BackfillResult(long Rows, ImmutableArray<string> Columns);

/// <summary>A backfill cannot be done as asked; the message says what to change.</summary>
public sealed class BackfillException(string message) : Exception(message);
