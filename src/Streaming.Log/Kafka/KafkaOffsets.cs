using Confluent.Kafka;

namespace Streaming.Log.Kafka;

/// <summary>
/// Finds offsets by consumers' own calls, on one thread for all partitions. One consumer sees what readers see, the other also what
/// open transactions hold back.
/// </summary>
internal sealed class KafkaOffsets : IDisposable
{
    private const int QueriesMax = 16_384;
    private readonly Lock _gate = new();
    private readonly KafkaClients _clients;
    private readonly string _where;
    private BatchThread<OffsetQuery>? _thread;
    private bool _disposed;

    public KafkaOffsets(KafkaClients clients, string where)
    {
        _clients = clients;
        _where = where;
    }

    /// <summary>An offset by its place or time; null when there is none.</summary>
    public Task<long?> FindAsync(TopicPartition partition, long timestamp, bool uncommitted, CancellationToken cancellation)
    {
        var query = new OffsetQuery(partition, timestamp, uncommitted);
        Add(query);
        return _clients.AskAsync($"looking up an offset of {partition}", _where, query.Task, cancellation);
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _disposed = true;
        }

        _thread?.Close();
        _thread?.Join(BrokerWatch.Patience);
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
                    $"{_where}: {QueriesMax} questions for offsets wait already; the brokers do not answer.", retriable: true);
            }
        }
    }

    private BatchThread<OffsetQuery> Start()
    {
        var (stable, all) = (_clients.Offsets(IsolationLevel.ReadCommitted), _clients.Offsets(IsolationLevel.ReadUncommitted));
        return new BatchThread<OffsetQuery>(
            "kafka-offsets", QueriesMax, Timeout.InfiniteTimeSpan, queries => Serve(queries, stable, all), () =>
        {
            stable.Dispose();
            all.Dispose();
        });
    }

    // What readers see first: the high watermark is then never found below it.
    private void Serve(List<OffsetQuery> queries, IConsumer<Staged, Staged> stable, IConsumer<Staged, Staged> all)
    {
        var groups = queries.GroupBy(static query => (query.IsUncommitted, query.Timestamp));
        foreach (var alike in groups.OrderBy(static alike => alike.Key.IsUncommitted))
        {
            Serve([.. alike], alike.Key.IsUncommitted ? all : stable, mayAskAgain: true);
        }

        KafkaClients.Drain(stable);
        KafkaClients.Drain(all);
    }

    private void Serve(List<OffsetQuery> queries, IConsumer<Staged, Staged> consumer, bool mayAskAgain)
    {
        try
        {
            var found = consumer.OffsetsForTimes(Times(queries), _clients.Bound)
                .ToDictionary(static found => found.TopicPartition, static found => found.Offset);
            queries.ForEach(query => query.TrySetResult(OffsetOf(found[query.Partition])));
        }
        catch (TopicPartitionOffsetException e)
        {
            Answer(queries, e.Results.ToDictionary(static found => found.TopicPartition), consumer, mayAskAgain);
        }
        catch (KafkaException e)
        {
            queries.ForEach(query => query.TrySetException(new KafkaException(Told(e.Error), e)));
        }
        catch (Exception e)
        {
            queries.ForEach(query => query.TrySetException(e));
        }
    }

    private static IEnumerable<TopicPartitionTimestamp> Times(List<OffsetQuery> queries) =>
        queries.Select(static query => query.Partition).Distinct()
            .Select(partition => new TopicPartitionTimestamp(partition, new Timestamp(queries[0].Timestamp, TimestampType.CreateTime)));

    private void Answer(
        List<OffsetQuery> queries,
        Dictionary<Confluent.Kafka.TopicPartition, TopicPartitionOffsetError> answers,
        IConsumer<Staged, Staged> consumer,
        bool mayAskAgain)
    {
        var moved = new List<OffsetQuery>();
        foreach (var query in queries)
        {
            var answer = answers[query.Partition];
            if (mayAskAgain && KafkaFailure.IsOtherLeader(answer.Error.Code))
            {
                moved.Add(query);
            }
            else if (answer.Error.IsError)
            {
                query.TrySetException(new KafkaException(Told(answer.Error)));
            }
            else
            {
                query.TrySetResult(OffsetOf(answer.Offset));
            }
        }

        if (moved.Count > 0)
        {
            AskNewLeaders(moved, consumer);
        }
    }

    /// <summary>
    /// Librdkafka says "unknown partition" where it knows no leader; whether there is such a partition is asked elsewhere.
    /// </summary>
    private static Error Told(Error error) => error.Code is ErrorCode.Local_UnknownPartition or ErrorCode.Local_UnknownTopic
        ? new Error(ErrorCode.LeaderNotAvailable, "no broker leads the partition")
        : error;

    private static long? OffsetOf(Offset offset) => offset.Value < 0 ? null : offset.Value;

    /// <summary>
    /// Brokers that restarted lead in a new epoch. Librdkafka 2.16.0 keeps asking for offsets in the one that its cache holds, for minutes;
    /// to ask for the topics' metadata renews the cache.
    /// </summary>
    private void AskNewLeaders(List<OffsetQuery> queries, IConsumer<Staged, Staged> consumer)
    {
        try
        {
            using var admin = new DependentAdminClientBuilder(consumer.Handle).Build();
            foreach (var topic in queries.Select(static query => query.Partition.Topic).Distinct())
            {
                admin.GetMetadata(topic, _clients.Bound);
            }
        }
        catch (KafkaException e)
        {
            queries.ForEach(query => query.TrySetException(e));
            return;
        }

        Serve(queries, consumer, mayAskAgain: false);
    }
}
