using Confluent.Kafka;

namespace Streaming.Log.Kafka;

/// <summary>Looks up offsets as a reader of one isolation level sees them. Used by one thread.</summary>
internal sealed class OffsetLookup(KafkaClients clients, IsolationLevel isolation) : IDisposable
{
    private readonly IConsumer<Staged, Staged> _consumer = clients.Offsets(isolation);

    /// <summary>Answers each query, or fails it.</summary>
    public void Serve(List<OffsetQuery> queries)
    {
        foreach (var alike in queries.GroupBy(static query => query.Timestamp))
        {
            Ask([.. alike], mayAskAgain: true);
        }

        KafkaClients.Drain(_consumer);
    }

    public void Dispose() => _consumer.Dispose();

    private void Ask(List<OffsetQuery> queries, bool mayAskAgain)
    {
        try
        {
            var found = _consumer.OffsetsForTimes(Times(queries), clients.Bound)
                .ToDictionary(static found => found.TopicPartition, static found => found.Offset);
            queries.ForEach(query => query.TrySetResult(OffsetOf(found[query.Partition])));
        }
        catch (TopicPartitionOffsetException e)
        {
            Answer(queries, e.Results.ToDictionary(static found => found.TopicPartition), mayAskAgain);
        }
        catch (KafkaException e)
        {
            queries.ForEach(query => query.TrySetException(new KafkaException(Cause(e.Error), e)));
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
        List<OffsetQuery> queries, Dictionary<Confluent.Kafka.TopicPartition, TopicPartitionOffsetError> answers, bool mayAskAgain)
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
                query.TrySetException(new KafkaException(Cause(answer.Error)));
            }
            else
            {
                query.TrySetResult(OffsetOf(answer.Offset));
            }
        }

        if (moved.Count > 0)
        {
            AskNewLeaders(moved);
        }
    }

    /// <summary>
    /// Librdkafka says "unknown partition" also for a partition without a leader. Whether the partition exists is checked before.
    /// </summary>
    private static Error Cause(Error error) => error.Code is ErrorCode.Local_UnknownPartition or ErrorCode.Local_UnknownTopic
        ? new Error(ErrorCode.LeaderNotAvailable, "no broker leads the partition")
        : error;

    private static long? OffsetOf(Offset offset) => offset.Value < 0 ? null : offset.Value;

    /// <summary>
    /// After a restart a broker leads in a new epoch. Librdkafka 2.16.0 goes on asking with the epoch in its cache for minutes; a metadata
    /// request updates the cache.
    /// </summary>
    private void AskNewLeaders(List<OffsetQuery> queries)
    {
        try
        {
            using var admin = new DependentAdminClientBuilder(_consumer.Handle).Build();
            foreach (var topic in queries.Select(static query => query.Partition.Topic).Distinct())
            {
                admin.GetMetadata(topic, clients.Bound);
            }
        }
        catch (KafkaException e)
        {
            queries.ForEach(query => query.TrySetException(e));
            return;
        }

        Ask(queries, mayAskAgain: false);
    }
}
