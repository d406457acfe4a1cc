using Streaming.Ingest;

namespace Streaming.Engine.Replays;

/// <summary>Where a rebuild begins to read: at the log's beginning, at a time, or at a place.</summary>
/// <param name="Millis">The first record timestamp; null for none.</param>
/// <param name="Place">
/// The first record of its partition; the others begin at its timestamp. Null for none.
/// </param>
public sealed record ReplayStart(long? Millis, EventPlace? Place)
{
    /// <summary>The log's beginning.</summary>
    public static ReplayStart Beginning { get; } = new(null, null);
}
