namespace Streaming.Scoring.Registry;

/// <summary>One value of a metric of a run.</summary>
/// <param name="Key">The metric.</param>
/// <param name="Value">The value; may be NaN or infinite.</param>
/// <param name="Timestamp">When it was logged, in milliseconds since 1970.</param>
/// <param name="Step">Which step of the run it belongs to.</param>
public sealed record MetricPoint(string Key, double Value, long Timestamp, long Step);
