namespace Streaming.Log.Embedded;

/// <summary>What retention leaves of a partition, whatever the limits say.</summary>
/// <param name="Offset">Records from this offset on stay.</param>
/// <param name="Millis">
/// Records stay from the first one on whose timestamp is this or later, and one before: a log that begins earlier has all of them.
/// </param>
public readonly record struct RetentionFloor(long Offset, long Millis);
