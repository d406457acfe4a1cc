namespace Streaming.Log.Kafka;

/// <summary>
/// Reads and commits groups' offsets with a consumer for each group. The admin client is not used: its group requests can end the process
/// when an answer comes late (librdkafka issues 4605 and 3663). A group that is not used for a while closes its consumer.
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
        Array.ForEach(all, static group => group.Join(BrokerWatch.DownTimeout));
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
    /// A commit takes no timeout, and librdkafka may block for minutes after a coordinator died. Another consumer takes over.
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
