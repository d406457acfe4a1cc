namespace Streaming.Offline.Parquet;

/// <summary>How written column data is compressed. Measured figures are in docs/models.md.</summary>
public enum ParquetCompression
{
    /// <summary>Not at all: the fastest to write.</summary>
    None,

    /// <summary>Snappy.</summary>
    Snappy,

    /// <summary>LZ4 (raw).</summary>
    Lz4,

    /// <summary>Zstandard, level 1: the smallest.</summary>
    Zstd,
}
