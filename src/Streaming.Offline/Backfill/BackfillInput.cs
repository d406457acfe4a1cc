namespace Streaming.Offline.Backfill;

/// <summary>One file of events.</summary>
/// <param name="Source">What they are; null for the one source that the service reads.</param>
/// <param name="File">The Parquet or CSV file.</param>
public sealed record BackfillInput(string? Source, string File)
{
    /// <summary>
    /// Reads <c>SOURCE=FILE</c> or <c>FILE</c>. A file whose whole name is of the first form is a file, if it is there
    /// (<c>day=2026-01-01/a.parquet</c>).
    /// </summary>
    public static BackfillInput Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var at = text.IndexOf('=', StringComparison.Ordinal);
        return at > 0 && at + 1 < text.Length && text.AsSpan(0, at).IndexOfAny('/', '\\', '.') < 0 && !System.IO.File.Exists(text)
            ? new BackfillInput(text[..at], text[(at + 1)..])
            : new BackfillInput(null, text);
    }
}
