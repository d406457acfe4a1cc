namespace Streaming.Log.Embedded;

/// <summary>How much of a topic is kept.</summary>
/// <param name="Time">
/// How far before the topic's newest record; null for ever. Measured by timestamps, which are event times: a history of years ago is
/// judged by its own end, not by the clock.
/// </param>
/// <param name="Bytes">The bytes of all its partitions; null without limit.</param>
public sealed record RetentionLimits(TimeSpan? Time, long? Bytes)
{
    /// <summary>All is kept.</summary>
    public static RetentionLimits None { get; } = new(null, null);
}
