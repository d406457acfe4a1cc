using Confluent.Kafka;

namespace Streaming.Log.Kafka;

/// <summary>
/// One group's consumer and its thread. It never joins the group; it reads and commits offsets, in the order of the requests.
/// </summary>
internal sealed class KafkaGroup
{
    private const int RequestsMax = 16_384;

    /// <summary>Offsets are asked for every second, or rarely enough that a new consumer (a second) does not matter.</summary>
    private static readonly TimeSpan s_idle = TimeSpan.FromMinutes(1);

    private readonly KafkaClients _clients;
    private readonly IConsumer<Staged, Staged> _consumer;
    private readonly BatchThread<GroupRequest> _thread;

    public KafkaGroup(KafkaClients clients, string group)
    {
        _clients = clients;
        _consumer = clients.Group(group);
        _thread = new BatchThread<GroupRequest>($"kafka-group-{group}", RequestsMax, s_idle, Serve, _consumer.Dispose);
    }

    public TimeSpan Busy => _thread.Busy;

    public bool TryAdd(GroupRequest request) => _thread.TryAdd(request);

    public void Close() => _thread.Close();

    public void Join(TimeSpan bound) => _thread.Join(bound);

    private void Serve(List<GroupRequest> requests)
    {
        for (var from = 0; from < requests.Count;)
        {
            var until = from + 1;
            while (until < requests.Count && requests[until].IsCommit == requests[from].IsCommit)
            {
                until++;
            }

            Call(requests[from..until]);
            from = until;
        }

        KafkaClients.Drain(_consumer);
    }

    private void Call(List<GroupRequest> alike)
    {
        try
        {
            var answers = alike[0].IsCommit ? Commit(alike) : Committed(alike);
            alike.ForEach(request => request.TrySetResult(answers[request.Partition]));
        }
        catch (TopicPartitionOffsetException e)
        {
            Answer(alike, e.Results.ToDictionary(static result => result.TopicPartition));
        }
        catch (Exception e)
        {
            alike.ForEach(request => request.TrySetException(e));
        }
    }

    private Dictionary<Confluent.Kafka.TopicPartition, long?> Committed(List<GroupRequest> reads) =>
        _consumer.Committed(reads.Select(static read => read.Partition).Distinct(), _clients.Bound)
            .ToDictionary(static answer => answer.TopicPartition, static answer => OffsetOf(answer.Offset));

    /// <summary>The last of several commits of one partition counts.</summary>
    private Dictionary<Confluent.Kafka.TopicPartition, long?> Commit(List<GroupRequest> commits)
    {
        var last = new Dictionary<Confluent.Kafka.TopicPartition, long?>();
        commits.ForEach(commit => last[commit.Partition] = commit.NextOffset);
        _consumer.Commit(last.Select(static commit => new TopicPartitionOffset(commit.Key, new Offset(commit.Value!.Value))));
        return last;
    }

    private static void Answer(List<GroupRequest> requests, Dictionary<Confluent.Kafka.TopicPartition, TopicPartitionOffsetError> answers)
    {
        foreach (var request in requests)
        {
            var answer = answers[request.Partition];
            if (answer.Error.IsError)
            {
                request.TrySetException(new KafkaException(answer.Error));
            }
            else
            {
                request.TrySetResult(OffsetOf(answer.Offset));
            }
        }
    }

    private static long? OffsetOf(Offset offset) => offset.Value < 0 ? null : offset.Value;
}
