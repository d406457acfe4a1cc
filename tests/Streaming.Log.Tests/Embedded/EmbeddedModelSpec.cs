using Streaming.Log.Conformance;
using Streaming.Log.Embedded;

namespace Streaming.Log.Tests.Embedded;

/// <summary>Random operations on the log and on plain lists, which must agree; a reopened file now and then.</summary>
public sealed class EmbeddedModelSpec : IDisposable
{
    private const int Partitions = 3;
    private readonly LogFolder _folder = new();
    private readonly List<(long Timestamp, byte[] Key, byte[]? Value)>[] _model = [[], [], []];
    private readonly Dictionary<(string, int), long> _committed = [];

    private static CancellationToken Bounded => new CancellationTokenSource(Batches.Bound).Token;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Any_sequence_of_operations_gives_what_lists_give()
    {
        var seed = Environment.TickCount;
        var random = new Random(seed);
        var log = _folder.Open();
        await log.CreateTopicAsync("t", Partitions, Bounded);
        try
        {
            for (var step = 0; step < 250; step++)
            {
                if (random.Next(60) == 0)
                {
                    await log.DisposeAsync();
                    log = _folder.Open();
                }

                await StepAsync(log, random);
            }
        }
        catch (Exception e)
        {
            throw new InvalidOperationException($"Failed with seed {seed}.", e);
        }
        finally
        {
            await log.DisposeAsync();
        }
    }

    private Task StepAsync(EmbeddedEventLog log, Random random)
    {
        var partition = new TopicPartition("t", random.Next(Partitions));
        return random.Next(6) switch
        {
            0 => AppendAsync(log, partition, RecordBatchSpec.RandomBatch(random)),
            1 => AppendByKeyAsync(log, RecordBatchSpec.RandomBatch(random)),
            2 => CommitAsync(log, partition, $"g{random.Next(2)}", random.Next(_model[partition.Partition].Count + 1)),
            3 => SearchAsync(log, partition, 990 + random.Next(120)),
            _ => ReadAsync(log, partition, random),
        };
    }

    private Task AppendAsync(EmbeddedEventLog log, TopicPartition partition, RecordBatch batch)
    {
        _model[partition.Partition].AddRange(Enumerable.Range(0, batch.Count).Select(i => Record(batch, i)));
        return log.AppendAsync(partition, batch, Bounded);
    }

    private Task AppendByKeyAsync(EmbeddedEventLog log, RecordBatch batch)
    {
        for (var i = 0; i < batch.Count; i++)
        {
            _model[Murmur2.Partition(batch.Key(i), Partitions)].Add(Record(batch, i));
        }

        return log.AppendAsync("t", batch, Bounded);
    }

    private async Task CommitAsync(EmbeddedEventLog log, TopicPartition partition, string group, long offset)
    {
        Assert.Equal(_committed.TryGetValue((group, partition.Partition), out var known) ? known : null, await log.CommittedOffsetAsync(group, partition, Bounded));
        _committed[(group, partition.Partition)] = offset;
        await log.CommitAsync(group, partition, offset, Bounded);
    }

    private async Task SearchAsync(EmbeddedEventLog log, TopicPartition partition, long timestamp)
    {
        var first = _model[partition.Partition].FindIndex(record => record.Timestamp >= timestamp);
        Assert.Equal(first < 0 ? null : first, await log.OffsetForTimestampAsync(partition, timestamp, Bounded));
    }

    private async Task ReadAsync(EmbeddedEventLog log, TopicPartition partition, Random random)
    {
        var expected = _model[partition.Partition];
        Assert.Equal(expected.Count, await log.EndOffsetAsync(partition, Bounded));
        var from = random.Next(expected.Count + 1);
        await using var reader = log.Read(partition, from);
        var read = await Batches.ReadAsync(reader, expected.Count - from, 1 + random.Next(30));
        for (var i = 0; i < read.Count; i++)
        {
            var (timestamp, key, value) = Record(read, i);
            Assert.Equal(from + i, read.Offsets[i]);
            Assert.Equal(expected[from + i].Timestamp, timestamp);
            Assert.Equal(expected[from + i].Key, key);
            Assert.Equal(expected[from + i].Value, value);
        }
    }

    private static (long Timestamp, byte[] Key, byte[]? Value) Record(RecordBatch batch, int i) =>
        (batch.Timestamps[i], batch.Key(i).ToArray(), batch.ValueLength[i] < 0 ? null : batch.Value(i).ToArray());
}
