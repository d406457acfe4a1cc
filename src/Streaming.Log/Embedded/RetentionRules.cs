namespace Streaming.Log.Embedded;

/// <summary>What <see cref="EmbeddedEventLog.RetainAsync"/> goes by.</summary>
/// <param name="Holder">
/// Who needs the offsets in <paramref name="Holds"/>: the same name for the same derived state, also after a restart.
/// </param>
/// <param name="Holds">By partition, the first offset that the holder may read again. Other processes keep to it.</param>
/// <param name="HoldFor">How long the others keep to it without hearing of the holder again.</param>
/// <param name="LimitsOf">The limits of a topic.</param>
/// <param name="FloorOf">
/// What stays of a partition; null for a topic that the caller does not know: what not every group has committed stays, and all of it
/// without a group.
/// </param>
public sealed record RetentionRules(
    string Holder,
    IReadOnlyDictionary<TopicPartition, long> Holds,
    TimeSpan HoldFor,
    Func<string, RetentionLimits> LimitsOf,
    Func<TopicPartition, RetentionFloor?> FloorOf);
