namespace Streaming.Node;

/// <summary>One answer as the status page shows it.</summary>
/// <param name="Key">The first required field, masked except for its last four characters.</param>
/// <param name="At">The event time of the read.</param>
/// <param name="Score">From 0 to 1.</param>
/// <param name="Decision">approve, review or decline.</param>
/// <param name="Fallback">Whether the declared fallback answered instead of the model.</param>
internal sealed record RecentScore(string Key, string At, float Score, string Decision, bool Fallback);
