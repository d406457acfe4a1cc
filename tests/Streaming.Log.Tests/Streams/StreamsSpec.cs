using System.Text;
using Akka.Actor;
using Akka.Streams;
using Akka.Streams.Dsl;
using Streaming.Log.Conformance;
using Streaming.Log.Embedded;
using Streaming.Log.Streams;
using Streaming.Log.Tests.Embedded;

namespace Streaming.Log.Tests.Streams;

public sealed class StreamsSpec : IAsyncLifetime, IDisposable
{
    private const int Partitions = 3;
    private readonly TemporaryFolder _folder = new();
    private readonly ActorSystem _system = ActorSystem.Create("streams", "akka.loglevel = WARNING");
    private readonly ActorMaterializer _materializer;
    private readonly EmbeddedEventLog _log;

    public StreamsSpec()
    {
        _materializer = _system.Materializer();
        _log = _folder.Open();
    }

    private static CancellationToken Bounded => new CancellationTokenSource(Batches.Bound).Token;

    private ConsumerSettings<string, string> Consumer => new ConsumerSettings<string, string>(_log, Text, Text).WithGroupId("g");

    private ProducerSettings<string, string> Producer => new(_log, Encoding.UTF8.GetBytes, Encoding.UTF8.GetBytes);

    public Task InitializeAsync() => _log.CreateTopicAsync("t", Partitions, Bounded);

    public async Task DisposeAsync()
    {
        await _system.Terminate();
        await _log.DisposeAsync();
    }

    public void Dispose()
    {
        _materializer.Dispose();
        _system.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task Batches_come_one_a_read_and_go_on_with_what_is_appended_later()
    {
        var partition = new TopicPartition("t", 0);
        await _log.AppendAsync(partition, Batches.Numbered(0, 10), Bounded);
        var (control, sink) = EventLogSource.Batches(_log, partition, 2, 5).ToMaterialized(Sink.Queue<RecordBatch>(), Keep.Both).Run(_materializer);
        var first = (await sink.PullAsync()).Value;
        Assert.Equal((5, 2L, 6L), (first.Count, first.Offsets[0], first.Offsets[4]));
        Assert.Equal(3, (await sink.PullAsync()).Value.Count);
        var next = sink.PullAsync();
        await _log.AppendAsync(partition, Batches.Numbered(10, 1), Bounded);
        Assert.Equal(["value-10"], Batches.Values((await next.WaitAsync(Bounded)).Value));
        var last = sink.PullAsync();
        await control.Shutdown().WaitAsync(Bounded);
        Assert.False((await last.WaitAsync(Bounded)).HasValue);
    }

    [Fact]
    public async Task A_failed_read_fails_the_stream()
    {
        var (control, done) = EventLogSource.Batches(_log, new TopicPartition("missing", 0), 0, 5).ToMaterialized(Sink.Ignore<RecordBatch>(), Keep.Both).Run(_materializer);
        await Assert.ThrowsAsync<EventLogException>(() => done.WaitAsync(Bounded));
        await control.IsShutdown.WaitAsync(Bounded);
    }

    [Fact]
    public async Task What_the_plain_sink_appends_the_plain_source_reads_from_all_partitions()
    {
        var records = Enumerable.Range(0, 300).Select(i => new ProducerRecord<string, string>("t", $"key-{i}", $"value-{i}")).ToList();
        await Source.From(records).RunWith(KafkaProducer.PlainSink(Producer), _materializer).WaitAsync(Bounded);
        var (control, read) = KafkaConsumer.PlainSource(Consumer, Subscriptions.Topics("t")).Take(300)
            .ToMaterialized(Sink.Seq<Confluent.Kafka.ConsumeResult<string, string>>(), Keep.Both).Run(_materializer);
        var all = await read.WaitAsync(Bounded);
        Assert.Equal(records.Select(r => (r.Key, r.Value)).Order(), all.Select(r => (r.Message.Key, r.Message.Value)).Order());
        Assert.All(all, r => Assert.Equal(Murmur2.Partition(Encoding.UTF8.GetBytes(r.Message.Key), Partitions), r.Partition.Value));
        await control.IsShutdown.WaitAsync(Bounded);
    }

    [Fact]
    public async Task Committed_messages_are_not_read_again()
    {
        await _log.AppendAsync("t", Batches.Numbered(0, 100), Bounded);
        var control = KafkaConsumer.CommittableSource(Consumer, Subscriptions.Topics("t"))
            .Take(100)
            .Select(message => (ICommittable)message.CommitableOffset)
            .ToMaterialized(Committer.Sink(new CommitterSettings { MaxBatch = 7 }), DrainingControl.Create)
            .Run(_materializer);
        await control.StreamCompletion.WaitAsync(Bounded);
        await _log.AppendAsync("t", Batches.Numbered(100, 1), Bounded);
        var next = await KafkaConsumer.CommittableSource(Consumer, Subscriptions.Topics("t"))
            .RunWith(Sink.First<CommittableMessage<string, string>>(), _materializer).WaitAsync(Bounded);
        Assert.Equal("value-100", next.Record.Message.Value);
    }

    [Fact]
    public async Task The_partitioned_source_gives_a_source_for_each_partition_and_ends_them_all()
    {
        await _log.AppendAsync("t", Batches.Numbered(0, 100), Bounded);
        var seen = new System.Collections.Concurrent.ConcurrentDictionary<TopicPartition, int>();
        var all = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var left = 100;
        var control = KafkaConsumer.CommittablePartitionedSource(Consumer, Subscriptions.Topics("t"))
            .MergeMany(Partitions, part => part.Messages.Select(_ => part.Partition).MapMaterializedValue<IControl>(_ => null!))
            .ToMaterialized(
                Sink.ForEach<TopicPartition>(partition =>
                {
                    seen.AddOrUpdate(partition, 1, (_, count) => count + 1);
                    if (--left == 0)
                    {
                        all.SetResult();
                    }
                }),
                DrainingControl.Create)
            .Run(_materializer);
        await all.Task.WaitAsync(Bounded);
        await control.DrainAndShutdown().WaitAsync(Bounded);
        Assert.Equal(Partitions, seen.Count);
    }

    [Fact]
    public async Task A_flexi_flow_passes_on_in_order_what_came_with_the_records()
    {
        var envelopes = Enumerable.Range(0, 50).Select(i => (i % 3) switch
        {
            0 => ProducerMessage.PassThrough<string, string, int>(i),
            1 => ProducerMessage.Single(new ProducerRecord<string, string>("t", "k", $"{i}", Partition: 1), i),
            _ => ProducerMessage.Multi([new ProducerRecord<string, string>("t", "k", $"{i}a", 1), new ProducerRecord<string, string>("t", "k", $"{i}b", 1)], i),
        });
        var passed = await Source.From(envelopes).Via(KafkaProducer.FlexiFlow<string, string, int>(Producer))
            .Select(result => result.PassThrough).RunWith(Sink.Seq<int>(), _materializer).WaitAsync(Bounded);
        Assert.Equal(Enumerable.Range(0, 50), passed);
        await using var reader = _log.Read(new TopicPartition("t", 1), 0);
        var expected = Enumerable.Range(0, 50).Where(i => i % 3 != 0).SelectMany(i => i % 3 == 1 ? [$"{i}"] : new[] { $"{i}a", $"{i}b" }).ToArray();
        Assert.Equal(expected, Batches.Values(await Batches.ReadAsync(reader, expected.Length)));
    }

    [Fact]
    public async Task A_flexi_flow_keeps_the_order_of_records_placed_by_key_and_by_number()
    {
        var home = Murmur2.Partition("k"u8, Partitions);
        var records = Enumerable.Range(0, 60).Select(i => new ProducerRecord<string, string>("t", "k", $"{i}", i % 2 == 0 ? null : home));
        var envelope = ProducerMessage.Multi([.. records], 0);
        await Source.Single(envelope).Via(KafkaProducer.FlexiFlow<string, string, int>(Producer))
            .RunWith(Sink.Ignore<Results<string, string, int>>(), _materializer).WaitAsync(Bounded);
        await using var reader = _log.Read(new TopicPartition("t", home), 0);
        Assert.Equal(Enumerable.Range(0, 60).Select(i => $"{i}"), Batches.Values(await Batches.ReadAsync(reader, 60)));
    }

    [Fact]
    public async Task A_partitioned_source_that_is_stopped_at_once_ends()
    {
        for (var round = 0; round < 50; round++)
        {
            var control = KafkaConsumer.CommittablePartitionedSource(Consumer, Subscriptions.Topics("t"))
                .ToMaterialized(Sink.Ignore<(TopicPartition, Source<CommittableMessage<string, string>, Akka.NotUsed>)>(), DrainingControl.Create)
                .Run(_materializer);
            await control.DrainAndShutdown().WaitAsync(Bounded);
        }
    }

    [Fact]
    public async Task A_source_from_given_offsets_starts_there()
    {
        var partition = new TopicPartition("t", 2);
        await _log.AppendAsync(partition, Batches.Numbered(0, 10), Bounded);
        var first = await KafkaConsumer.PlainSource(Consumer, Subscriptions.AssignmentWithOffset((partition, 6)))
            .RunWith(Sink.First<Confluent.Kafka.ConsumeResult<string, string>>(), _materializer).WaitAsync(Bounded);
        Assert.Equal(6, first.Offset.Value);
    }

    [Fact]
    public async Task A_record_that_cannot_be_deserialized_fails_the_stream()
    {
        await _log.AppendAsync("t", Batches.Numbered(0, 1), Bounded);
        var settings = new ConsumerSettings<string, string>(_log, Text, (_, _) => throw new FormatException("no text"));
        var done = KafkaConsumer.PlainSource(settings, Subscriptions.Topics("t")).RunWith(Sink.Ignore<Confluent.Kafka.ConsumeResult<string, string>>(), _materializer);
        var failure = await Assert.ThrowsAsync<InvalidDataException>(() => done.WaitAsync(Bounded));
        Assert.Contains("offset 0", failure.Message, StringComparison.Ordinal);
    }

    private static string Text(ReadOnlySpan<byte> data, bool isNull) => Encoding.UTF8.GetString(data);
}
