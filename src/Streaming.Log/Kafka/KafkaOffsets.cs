using Confluent.Kafka;

namespace Streaming.Log.Kafka;

/// <summary>Looks up offsets with two consumers, one for each isolation level, on one thread for all partitions.</summary>
internal sealed class KafkaOffsets(KafkaClients clients, string where) : IDisposable
{
    private const int QueriesMax = 16_384;
    private readonly Lock _gate = new();
    private BatchThread<OffsetQuery>? _thread;
    private bool _disposed;

    /// <summary>The offset at a place or time; null when there is none.</summary>
    public Task<long?> FindAsync(TopicPartition partition, long timestamp, bool uncommitted, CancellationToken cancellation)
    {
        var query = new OffsetQuery(partition, timestamp, uncommitted);
        Add(query);
        return clients.AskAsync($"looking up an offset of {partition}", where, query.Task, cancellation);
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _disposed = true;
        }

        _thread?.Close();
        _thread?.Join(BrokerWatch.DownTimeout);
    }

    private void Add(OffsetQuery query)
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            _thread ??= Start();
            if (!_thread.TryAdd(query))
            {
                throw new EventLogException(
                    $"{where}: {QueriesMax} requests for offsets are waiting; the brokers do not answer.", retriable: true);
            }
        }
    }

    private BatchThread<OffsetQuery> Start()
    {
        var committed = new OffsetLookup(clients, IsolationLevel.ReadCommitted);
        var uncommitted = new OffsetLookup(clients, IsolationLevel.ReadUncommitted);
        return new BatchThread<OffsetQuery>("kafka-offsets", QueriesMax, Timeout.InfiniteTimeSpan, Serve, Close);

        void Serve(List<OffsetQuery> queries)
        {
            // In this order the high watermark is never found below the last stable offset.
            committed.Serve(queries.FindAll(static query => !query.IsUncommitted));
            uncommitted.Serve(queries.FindAll(static query => query.IsUncommitted));
        }

        void Close()
        {
            committed.Dispose();
            uncommitted.Dispose();
        }
    }
}
