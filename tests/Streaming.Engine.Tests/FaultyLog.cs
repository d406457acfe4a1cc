using System.Collections.Concurrent;
using Streaming.Contracts.Schemas;
using Streaming.Log;

namespace Streaming.Engine.Tests;

/// <summary>A log that fails where a test says so, and counts what is open.</summary>
internal sealed class FaultyLog(IEventLog log) : IEventLog
{
    private int _openReaders;
    private int _failures;
    private int _descriptions;

    /// <summary>What reads of records throw; null for none.</summary>
    public volatile Exception? ReadFault;

    /// <summary>The offset from which on reads fail.</summary>
    public long FaultFrom { get; set; }

    /// <summary>What commits and looks at the log's end throw, while reads wait; null for none.</summary>
    public volatile Exception? TickFault;

    /// <summary>What commits alone throw; null for none.</summary>
    public volatile Exception? CommitFault;

    /// <summary>What a commit waits for first; null for nothing.</summary>
    public volatile Func<CancellationToken, Task>? BeforeCommit;

    /// <summary>How many partitions topics say they have; null for their own number.</summary>
    public int? Partitions { get; set; }

    /// <summary>The largest value that appends take.</summary>
    public int RecordBytesMax { get; set; } = int.MaxValue;

    /// <summary>Where the log says that it begins, once looked at; null for the truth.</summary>
    public long? Beginning { get; set; }

    /// <summary>Offsets at the end that an open transaction holds back, as the log says.</summary>
    public long HeldBack { get; set; }

    /// <summary>Offsets behind the end that an open transaction holds back, as the log says.</summary>
    public long HighWatermarkAhead { get; set; }

    /// <summary>Partitions that topics say they have beside those that are there.</summary>
    public int PartitionsAdded { get; set; }

    /// <summary>What appends throw; null for none.</summary>
    public volatile Exception? AppendFault;

    /// <summary>The identity that topics say they have; null for their own.</summary>
    public volatile string? Identity;

    /// <summary>What the log says a record's timestamp is, by offset; null for the truth.</summary>
    public volatile Func<long, long>? Stamp;

    /// <summary>How often a topic or partition was described.</summary>
    public int Descriptions => Volatile.Read(ref _descriptions);

    /// <summary>How many reads failed.</summary>
    public int Failures => Volatile.Read(ref _failures);

    /// <summary>What was committed.</summary>
    public ConcurrentQueue<(string Group, TopicPartition Partition, long NextOffset)> Committed { get; } = [];

    /// <summary>Where reading began, each time.</summary>
    public ConcurrentQueue<(TopicPartition Partition, long FromOffset)> Reads { get; } = [];

    /// <summary>Readers that are not disposed.</summary>
    public int OpenReaders => Volatile.Read(ref _openReaders);

    public Task<TopicDescription> CreateTopicAsync(string topic, int partitions, CancellationToken cancellation) =>
        log.CreateTopicAsync(topic, partitions, cancellation);

    public async Task<TopicDescription?> DescribeTopicAsync(string topic, CancellationToken cancellation)
    {
        Interlocked.Increment(ref _descriptions);
        return await log.DescribeTopicAsync(topic, cancellation) is { } there
            ? there with { Identity = Identity ?? there.Identity, Partitions = topic == EventSchemas.DeadLetters ? there.Partitions : Partitions ?? there.Partitions }
            : null;
    }

    public Task AppendAsync(string topic, RecordBatch records, CancellationToken cancellation) =>
        AppendFault is { } fault ? Task.FromException(fault)
        : Enumerable.Range(0, records.Count).Any(record => records.ValueLength[record] > RecordBytesMax)
            ? Task.FromException(new EventLogException("too large", retriable: false))
            : log.AppendAsync(topic, records, cancellation);

    public Task AppendAsync(TopicPartition partition, RecordBatch records, CancellationToken cancellation) =>
        log.AppendAsync(partition, records, cancellation);

    public IPartitionReader Read(TopicPartition partition, long fromOffset)
    {
        Reads.Enqueue((partition, fromOffset));
        Interlocked.Increment(ref _openReaders);
        return new Reader(this, log.Read(partition, fromOffset), fromOffset);
    }

    public async Task<PartitionDescription> DescribePartitionAsync(TopicPartition partition, CancellationToken cancellation)
    {
        Interlocked.Increment(ref _descriptions);
        if ((TickFault ?? ReadFault) is EventLogException { Retriable: true } fault)
        {
            throw fault;
        }

        var there = await log.DescribePartitionAsync(partition, cancellation);
        return there with
        {
            Topic = there.Topic with
            {
                Identity = Identity ?? there.Topic.Identity,
                Partitions = (Partitions ?? there.Topic.Partitions) + PartitionsAdded,
            },
            Beginning = Beginning ?? there.Beginning,
            End = there.End - HeldBack,
            HighWatermark = there.HighWatermark + HighWatermarkAhead,
        };
    }

    public Task<long> BeginningOffsetAsync(TopicPartition partition, CancellationToken cancellation) =>
        Beginning is { } beginning ? Task.FromResult(beginning) : log.BeginningOffsetAsync(partition, cancellation);

    public Task<long> EndOffsetAsync(TopicPartition partition, CancellationToken cancellation) =>
        (TickFault ?? ReadFault) is EventLogException { Retriable: true } fault
            ? Task.FromException<long>(fault)
            : log.EndOffsetAsync(partition, cancellation);

    public Task<long?> OffsetForTimestampAsync(TopicPartition partition, long timestampMillis, CancellationToken cancellation) =>
        log.OffsetForTimestampAsync(partition, timestampMillis, cancellation);

    public Task<long?> CommittedOffsetAsync(string group, TopicPartition partition, CancellationToken cancellation) =>
        log.CommittedOffsetAsync(group, partition, cancellation);

    public async Task CommitAsync(string group, TopicPartition partition, long nextOffset, CancellationToken cancellation)
    {
        Committed.Enqueue((group, partition, nextOffset));
        await (BeforeCommit?.Invoke(cancellation) ?? Task.CompletedTask);
        await ((TickFault ?? CommitFault) is { } fault
            ? Task.FromException(fault)
            : log.CommitAsync(group, partition, nextOffset, cancellation));
    }

    public ValueTask DisposeAsync() => log.DisposeAsync();

    private sealed class Reader(FaultyLog owner, IPartitionReader reader, long nextOffset) : IPartitionReader
    {
        private bool _disposed;

        public long NextOffset => nextOffset;

        public async ValueTask<RecordBatch> ReadAsync(int maxRecords, CancellationToken cancellation)
        {
            if (owner.ReadFault is { } fault && nextOffset >= owner.FaultFrom)
            {
                Interlocked.Increment(ref owner._failures);
                throw fault;
            }

            var records = await reader.ReadAsync(maxRecords, cancellation);
            for (var i = 0; owner.Stamp is { } stamp && i < records.Count; i++)
            {
                records.Timestamps[i] = stamp(records.Offsets[i]);
            }

            nextOffset = reader.NextOffset;
            return records;
        }

        public void Recycle(RecordBatch batch) => reader.Recycle(batch);

        public ValueTask DisposeAsync()
        {
            Assert.False(_disposed, "a reader is disposed once");
            _disposed = true;
            Interlocked.Decrement(ref owner._openReaders);
            return reader.DisposeAsync();
        }
    }
}
