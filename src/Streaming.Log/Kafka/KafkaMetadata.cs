using Confluent.Kafka;

namespace Streaming.Log.Kafka;

/// <summary>
/// Looks up topics by plain metadata requests, which are safe while no broker answers (unlike those of <see cref="KafkaAdmin"/>). They
/// block, so they run on one thread, which also closes the client.
/// </summary>
internal sealed class KafkaMetadata : IDisposable
{
    private const int QueriesMax = 1_024;
    private readonly KafkaClients _clients;
    private readonly IConsumer<Staged, Staged> _consumer;
    private readonly BatchThread<TopicQuery> _thread;
    private readonly string _where;
    private volatile bool _disposed;

    public KafkaMetadata(KafkaClients clients, string where)
    {
        (_clients, _where) = (clients, where);
        _consumer = clients.Offsets(IsolationLevel.ReadCommitted);
        Admin = new DependentAdminClientBuilder(_consumer.Handle).Build();
        _thread = new BatchThread<TopicQuery>("kafka-metadata", QueriesMax, Timeout.InfiniteTimeSpan, Serve, Close);
    }

    /// <summary>An admin client on the same connections.</summary>
    public IAdminClient Admin { get; }

    /// <summary>A topic's partitions and their leaders; null when there is no such topic, or not yet.</summary>
    public Task<TopicMetadata?> FindAsync(string topic, CancellationToken cancellation)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        var query = new TopicQuery(topic);
        return _thread.TryAdd(query)
            ? _clients.AskAsync(Describing(topic), _where, query.Task, cancellation)
            : throw new EventLogException(
                $"{_where}: {QueriesMax} requests for topics are waiting; the brokers do not answer.", retriable: true);
    }

    /// <summary>What the request is called in messages.</summary>
    public static string Describing(string topic) => $"describing topic \"{topic}\"";

    public void Dispose()
    {
        _disposed = true;
        _thread.Close();
        _thread.Join(BrokerWatch.DownTimeout);
    }

    /// <summary>When one request gets no answer, the others would wait as long for theirs: all fail together.</summary>
    private void Serve(List<TopicQuery> queries)
    {
        try
        {
            foreach (var alike in queries.GroupBy(static query => query.Topic, StringComparer.Ordinal))
            {
                Answer([.. alike], Admin.GetMetadata(alike.Key, _clients.Bound).Topics.Find(found => found.Topic == alike.Key));
            }
        }
        catch (Exception e)
        {
            queries.ForEach(query => query.TrySetException(e));
        }

        KafkaClients.Drain(_consumer);
    }

    private static void Answer(List<TopicQuery> queries, TopicMetadata? found)
    {
        if (found is null || KafkaFailure.IsNoTopic(found.Error.Code) || found.Error.Code == ErrorCode.LeaderNotAvailable)
        {
            queries.ForEach(static query => query.TrySetResult(null));
        }
        else if (found.Error.IsError)
        {
            queries.ForEach(query => query.TrySetException(new KafkaException(found.Error)));
        }
        else
        {
            queries.ForEach(query => query.TrySetResult(found));
        }
    }

    private void Close()
    {
        Admin.Dispose();
        _consumer.Dispose();
    }
}
