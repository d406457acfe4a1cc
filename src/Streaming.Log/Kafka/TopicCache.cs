using System.Collections.Concurrent;

namespace Streaming.Log.Kafka;

/// <summary>
/// What topics are like, asked once for all who look within a while: partitions are looked at every second, topics change once in months.
/// Thread-safe.
/// </summary>
internal sealed class TopicCache(Func<string, Task<Streaming.Log.TopicDescription?>> describe, TimeSpan fresh)
{
    private readonly ConcurrentDictionary<string, (Task<Streaming.Log.TopicDescription?> Description, long Asked)> _topics = new(
        StringComparer.Ordinal);

    /// <summary>A topic as it was at most that while ago; null when there is none.</summary>
    public Task<Streaming.Log.TopicDescription?> GetAsync(string topic, CancellationToken cancellation)
    {
        var entry = _topics.AddOrUpdate(topic, Ask, (_, known) => IsFresh(known) ? known : Ask(topic));
        return entry.Description.WaitAsync(cancellation);
    }

    /// <summary>A topic changes, or may have: it is asked for again.</summary>
    public void Forget(string topic) => _topics.TryRemove(topic, out _);

    // While it is asked nobody else asks; what failed, or is not there, is asked again by the next.
    private bool IsFresh((Task<Streaming.Log.TopicDescription?> Description, long Asked) known) =>
        !known.Description.IsCompleted
            || (known.Description.IsCompletedSuccessfully
                && known.Description.Result is not null
                && TimeProvider.System.GetElapsedTime(known.Asked) < fresh);

    private (Task<Streaming.Log.TopicDescription?> Description, long Asked) Ask(string topic) =>
        (describe(topic), TimeProvider.System.GetTimestamp());
}
