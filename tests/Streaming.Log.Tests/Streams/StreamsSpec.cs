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
    private static readonly TopicPartition s_partition = new("t", 0);
    private readonly LogFolder _folder = new();
    private readonly ActorSystem _system = ActorSystem.Create("streams", "akka.loglevel = WARNING");
    private readonly ActorMaterializer _materializer;
    private readonly EmbeddedEventLog _log;

    public StreamsSpec()
    {
        _materializer = _system.Materializer();
        _log = _folder.Open();
    }

    private static CancellationToken Bounded => new CancellationTokenSource(Batches.Bound).Token;

    public Task InitializeAsync() => _log.CreateTopicAsync("t", 3, Bounded);

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
    public async Task Batches_come_one_a_read_go_on_with_what_is_appended_later_and_end_with_the_token()
    {
        await _log.AppendAsync(s_partition, Batches.Numbered(0, 10), Bounded);
        using var stop = new CancellationTokenSource();
        var (closed, sink) = EventLogSource.Batches(_log.Read(s_partition, 2), 5, stop.Token).ToMaterialized(Sink.Queue<PartitionRead>(), Keep.Both).Run(_materializer);
        var first = (await sink.PullAsync()).Value;
        Assert.Equal((5, 2L, 7L), (first.Records.Count, first.Records.Offsets[0], first.NextOffset));
        Assert.Equal(3, (await sink.PullAsync()).Value.Records.Count);
        var next = sink.PullAsync();
        await _log.AppendAsync(s_partition, Batches.Numbered(10, 1), Bounded);
        Assert.Equal(["value-10"], Batches.Values((await next.WaitAsync(Bounded)).Value.Records));
        var last = sink.PullAsync();
        await stop.CancelAsync();
        Assert.False((await last.WaitAsync(Bounded)).HasValue);
        await closed.WaitAsync(Bounded);
    }

    [Fact]
    public async Task A_failed_read_fails_the_stream_and_the_reader_is_closed()
    {
        var reader = _log.Read(new TopicPartition("missing", 0), 0);
        var (closed, done) = EventLogSource.Batches(reader, 5, CancellationToken.None).ToMaterialized(Sink.Ignore<PartitionRead>(), Keep.Both).Run(_materializer);
        await Assert.ThrowsAsync<EventLogException>(() => done.WaitAsync(Bounded));
        await closed.WaitAsync(Bounded);
        await Assert.ThrowsAsync<ObjectDisposedException>(() => reader.ReadAsync(1, Bounded).AsTask());
    }

    [Fact]
    public async Task A_stream_that_fails_further_on_closes_the_reader_also_while_it_waits()
    {
        await _log.AppendAsync(s_partition, Batches.Numbered(0, 1), Bounded);
        var reader = _log.Read(s_partition, 0);
        var (closed, done) = EventLogSource.Batches(reader, 5, CancellationToken.None)
            .SelectAsync(1, static async read =>
            {
                await Task.Yield();
                return read.NextOffset > 0 ? throw new InvalidDataException("no") : read;
            })
            .ToMaterialized(Sink.Ignore<PartitionRead>(), Keep.Both).Run(_materializer);
        await Assert.ThrowsAnyAsync<Exception>(() => done.WaitAsync(Bounded));
        await closed.WaitAsync(Bounded);
        await Assert.ThrowsAsync<ObjectDisposedException>(() => reader.ReadAsync(1, Bounded).AsTask());
    }
}
