namespace Streaming.Features.Plans;

/// <summary>What is known of a feature at the time of a read.</summary>
public enum FeatureStatus : byte
{
    /// <summary>No event contributes to it; its declared default stands in, if there is one.</summary>
    Absent,

    /// <summary>Computed from at least one event (a count of zero events is present: it is known to be zero).</summary>
    Present,

    /// <summary>The newest event that contributes is older than the feature's ttl; its default stands in, if there is one.</summary>
    Expired,
}

/// <summary>One feature as read at one event time.</summary>
/// <param name="Number">Its value as a number; NaN where it is absent or expired without a default, or a text.</param>
/// <param name="Text">Its value where its type is text, else null.</param>
/// <param name="Status">Whether the value is known.</param>
/// <param name="EventTimeMillis">Event time of the newest event that contributes: in its window, under its condition, with a value;
/// <see cref="long.MinValue"/> when none.</param>
public readonly record struct FeatureValue(double Number, string? Text, FeatureStatus Status, long EventTimeMillis);
