using Streaming.Ingest;
using Streaming.Log;

namespace Streaming.Simulation.Seeding;

/// <summary>
/// Forwards each waiting label unchanged, once the delay since its transaction has passed. Its position is the committed offset of its
/// group, so that it goes on after a restart; a crash may send a label twice. Only one may run (<see cref="SeedLease"/>): two would both
/// send every label.
/// </summary>
internal sealed class PendingLabels(EventConnection connection, TimeSpan delay, TimeProvider time)
{
    private const string Group = "label-office";
    private const int RecordsPerRead = 16_384;

    // Where it waits for labels to become due, which it keeps in memory meanwhile.
    private const int RecordsPerWait = 512;
    private static readonly TimeSpan s_commitWithin = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan s_waitMin = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan s_waitMax = TimeSpan.FromSeconds(10);
    private long _sent;

    /// <summary>Labels sent so far.</summary>
    public long Sent => Interlocked.Read(ref _sent);

    /// <summary>Forwards until cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellation)
    {
        try
        {
            await ForEachPartitionAsync(partition => ForwardAsync(partition, long.MaxValue, cancellation), cancellation);
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            // What was appended is committed; the next run continues after it.
        }
    }

    /// <summary>Forwards what is due now, and ends.</summary>
    public Task DrainAsync(CancellationToken cancellation) => ForEachPartitionAsync(
        async partition => await ForwardAsync(partition, await connection.Log.EndOffsetAsync(partition, cancellation), cancellation),
        cancellation);

    private async Task ForEachPartitionAsync(Func<TopicPartition, Task> work, CancellationToken cancellation)
    {
        var topic = await connection.EnsureTopicAsync(SeedTopics.PendingLabels.Name, TopicContract.Labels.Name, cancellation);
        await connection.EnsureTopicAsync(TopicContract.Labels.Name, TopicContract.Labels.Name, cancellation);
        await Task.WhenAll(Enumerable.Range(0, topic.Partitions).Select(partition => work(new TopicPartition(topic.Topic, partition))));
    }

    /// <summary>Forwards a partition; with an end, up to there and without waiting for what is not due.</summary>
    private async Task ForwardAsync(TopicPartition from, long end, CancellationToken cancellation)
    {
        var next = await connection.Log.CommittedOffsetAsync(Group, from, cancellation)
            ?? await connection.Log.BeginningOffsetAsync(from, cancellation);
        await using var reader = connection.Log.Read(from, next);
        var records = end == long.MaxValue ? RecordsPerWait : RecordsPerRead;
        var due = new RecordBatch();
        while (next < end)
        {
            var waiting = await reader.ReadAsync(records, cancellation);
            for (var record = 0; record < waiting.Count;)
            {
                if (end != long.MaxValue && Until(waiting.Timestamps[record]) > TimeSpan.Zero)
                {
                    return;
                }

                await WaitAsync(waiting.Timestamps[record], cancellation);
                cancellation.ThrowIfCancellationRequested();
                record = TakeDue(waiting, record, due);
                next = waiting.Offsets[record - 1] + 1;
                await SendAsync(from, due, next);
            }

            next = reader.NextOffset;
        }
    }

    // Not cancelled between the two: labels that are sent and not committed would be sent again.
    private async Task SendAsync(TopicPartition from, RecordBatch due, long next)
    {
        await connection.Log.AppendAsync(TopicContract.Labels.Name, due, CancellationToken.None);
        using var bound = new CancellationTokenSource(s_commitWithin);
        await connection.Log.CommitAsync(Group, from, next, bound.Token);
        Interlocked.Add(ref _sent, due.Count);
    }

    private async Task WaitAsync(long transactionMillis, CancellationToken cancellation)
    {
        for (var wait = Until(transactionMillis); wait > TimeSpan.Zero; wait = Until(transactionMillis))
        {
            await Task.Delay(wait < s_waitMin ? s_waitMin : wait < s_waitMax ? wait : s_waitMax, time, cancellation);
        }
    }

    private int TakeDue(RecordBatch waiting, int record, RecordBatch due)
    {
        due.Clear();
        for (; record < waiting.Count && Until(waiting.Timestamps[record]) <= TimeSpan.Zero; record++)
        {
            due.Add(0, waiting.Timestamps[record] + (long)delay.TotalMilliseconds, waiting.Key(record), waiting.Value(record));
        }

        return record;
    }

    private TimeSpan Until(long transactionMillis) => DateTimeOffset.FromUnixTimeMilliseconds(transactionMillis) + delay - time.GetUtcNow();
}
