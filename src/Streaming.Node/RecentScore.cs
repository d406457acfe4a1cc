namespace Streaming.Node;

/// <summary>One answer as the status page shows it.</summary>
/// <param name="Key">The first required field, masked but for its last four characters.</param>
/// <param name="At">The event time of the read.</param>
/// <param name="Score">From 0 to 1.</param>
/// <param name="Decision">approve, review or decline.</param>
/// <param name="Fallback">Whether the declared fallback stood in for the model.</param>
internal sealed record RecentScore(string Key, string At, float Score, string Decision, bool Fallback);
