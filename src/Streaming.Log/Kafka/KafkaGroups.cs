namespace Streaming.Log.Kafka;

/// <summary>
/// Reads and commits groups' offsets, each group by a consumer of its own and its own calls: group requests of the admin client can end
/// the process when an answer comes late (librdkafka issues 4605 and 3663). A group that nobody asks for lets its consumer go.
/// </summary>
internal sealed class KafkaGroups(KafkaClients clients, KafkaSettings settings, string where) : IDisposable
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, KafkaGroup> _groups = new(StringComparer.Ordinal);
    private bool _disposed;

    public Task<long?> CommittedAsync(string group, TopicPartition partition, CancellationToken cancellation) =>
        AskAsync(group, new GroupRequest(partition, null), $"reading group \"{group}\"'s offset of {partition}", cancellation);

    public Task CommitAsync(string group, TopicPartition partition, long nextOffset, CancellationToken cancellation) =>
        AskAsync(
            group,
            new GroupRequest(partition, nextOffset),
            $"committing group \"{group}\"'s offset {nextOffset} of {partition}",
            cancellation);

    public void Dispose()
    {
        KafkaGroup[] all;
        lock (_gate)
        {
            _disposed = true;
            all = [.. _groups.Values];
        }

        Array.ForEach(all, static group => group.Close());
        Array.ForEach(all, static group => group.Join(BrokerWatch.Patience));
    }

    private Task<long?> AskAsync(string group, GroupRequest request, string doing, CancellationToken cancellation)
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            if (!_groups.TryGetValue(group, out var known) || IsStuck(known) || !known.TryAdd(request))
            {
                var made = _groups[group] = new KafkaGroup(clients, group);
                made.TryAdd(request);
            }
        }

        return clients.AskAsync(doing, where, request.Task, cancellation);
    }

    /// <summary>
    /// A commit has no bound of its own, and librdkafka's may be minutes after a coordinator died: another consumer takes over.
    /// </summary>
    private bool IsStuck(KafkaGroup group)
    {
        var isStuck = group.Busy > settings.RequestTimeout;
        if (isStuck)
        {
            group.Close();
        }

        return isStuck;
    }
}
