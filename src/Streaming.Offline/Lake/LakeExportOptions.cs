namespace Streaming.Offline.Lake;

/// <summary>What an export does.</summary>
public sealed record LakeExportOptions
{
    /// <summary>The lake's folder.</summary>
    public required string Folder { get; init; }

    /// <summary>The topic; one that this build has a schema of.</summary>
    public required string Topic { get; init; }

    /// <summary>Whether records that retention took before they were exported are passed over.</summary>
    public bool AcceptGaps { get; init; }

    /// <summary>The most records of a batch, and so of a file.</summary>
    public int BatchRecords { get; init; } = 262_144;

    /// <summary>The most bytes of a batch in the log.</summary>
    public long BatchBytes { get; init; } = 128L << 20;
}

/// <summary>How far an export is: offsets of all partitions together.</summary>
public readonly record struct LakeExportProgress(long Done, long Total);

/// <summary>What an export wrote.</summary>
/// <param name="Rows">Rows.</param>
/// <param name="Files">Files with rows.</param>
/// <param name="Undecodable">Records that are no rows.</param>
public sealed record LakeExportResult(long Rows, int Files, long Undecodable);
