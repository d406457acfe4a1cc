using System.Collections.Concurrent;

namespace Streaming.Log.Kafka;

/// <summary>
/// Descriptions of topics, kept for a while: partitions are looked up every second, but topics change once in months. Concurrent calls
/// share a request. Thread-safe.
/// </summary>
internal sealed class TopicCache(Func<string, Task<Streaming.Log.TopicDescription?>> describe, TimeSpan fresh)
{
    private readonly ConcurrentDictionary<string, (Task<Streaming.Log.TopicDescription?> Description, long Asked)> _topics = new(
        StringComparer.Ordinal);

    /// <summary>A topic's description, at most that old; null when there is none.</summary>
    public Task<Streaming.Log.TopicDescription?> GetAsync(string topic, CancellationToken cancellation)
    {
        var entry = _topics.AddOrUpdate(topic, Ask, (_, known) => IsFresh(known) ? known : Ask(topic));
        return entry.Description.WaitAsync(cancellation);
    }

    /// <summary>The topic may have changed: the next call asks again.</summary>
    public void Forget(string topic) => _topics.TryRemove(topic, out _);

    // A request under way is shared. A failed one, or a missing topic, is asked for again.
    private bool IsFresh((Task<Streaming.Log.TopicDescription?> Description, long Asked) known) =>
        !known.Description.IsCompleted
            || (known.Description.IsCompletedSuccessfully
#pragma warning disable RS0030 // It is completed: nothing blocks.
                && known.Description.Result is not null
#pragma warning restore RS0030
                && TimeProvider.System.GetElapsedTime(known.Asked) < fresh);

    private (Task<Streaming.Log.TopicDescription?> Description, long Asked) Ask(string topic) =>
        (describe(topic), TimeProvider.System.GetTimestamp());
}
