using Streaming.Log.Conformance;
using Streaming.Log.Embedded;
using Streaming.Log.Tests.Embedded;

namespace Streaming.Log.Tests;

public sealed class OutageTolerantReaderSpec : IAsyncLifetime, IDisposable
{
    private static readonly TopicPartition s_partition = new("t", 0);
    private readonly LogFolder _folder = new();
    private readonly Hold _hold = new();
    private readonly EmbeddedEventLog _log;

    public OutageTolerantReaderSpec() => _log = _folder.Open();

    private static CancellationToken Bounded => new CancellationTokenSource(Batches.Bound).Token;

    public Task InitializeAsync() => _log.CreateTopicAsync("t", 1, Bounded);

    public Task DisposeAsync() => _log.DisposeAsync().AsTask();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task An_outage_is_waited_out_and_no_record_is_lost_or_repeated()
    {
        var faulty = new FaultyReads(_log);
        await _log.AppendAsync(s_partition, Batches.Numbered(0, 10), Bounded);
        await using var reader = new OutageTolerantReader(faulty, s_partition, 0, _hold);
        Assert.Equal(4, (await reader.ReadAsync(4, Bounded)).Count);
        (faulty.ReadsToFail, faulty.LooksToFail) = (2, 3);
        Assert.Equal(["value-4", "value-5"], Batches.Values(await reader.ReadAsync(2, Bounded)));
        Assert.Equal(["value-6", "value-7", "value-8", "value-9"], Batches.Values(await reader.ReadAsync(9, Bounded)));
        Assert.Equal((5, 2, 3, 10L), (_hold.Waits, _hold.Answers, _hold.Successes, reader.NextOffset));
        Assert.Equal(1, faulty.OpenReaders);
    }

    [Fact]
    public async Task A_mistake_is_not_waited_for()
    {
        await using var reader = new OutageTolerantReader(_log, new TopicPartition("missing", 0), 0, _hold);
        Assert.False((await Assert.ThrowsAsync<EventLogException>(() => reader.ReadAsync(1, Bounded).AsTask())).Retriable);
        Assert.Equal(0, _hold.Waits);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Disposing_ends_a_read_that_waits_for_a_record_or_for_the_log(bool isLogAway)
    {
        var faulty = new FaultyReads(_log) { ReadsToFail = isLogAway ? 1 : 0 };
        _hold.IsEndless = true;
        var reader = new OutageTolerantReader(faulty, s_partition, 0, _hold);
        var read = reader.ReadAsync(1, CancellationToken.None).AsTask();
        await reader.DisposeAsync().AsTask().WaitAsync(Bounded);
        await Assert.ThrowsAsync<ObjectDisposedException>(() => read.WaitAsync(Bounded));
        Assert.Equal(0, faulty.OpenReaders);
    }

    [Fact]
    public async Task A_cancelled_read_loses_nothing()
    {
        await using var reader = new OutageTolerantReader(_log, s_partition, 0, _hold);
        using var stop = new CancellationTokenSource();
        var read = reader.ReadAsync(1, stop.Token).AsTask();
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => read.WaitAsync(Bounded));
        await _log.AppendAsync(s_partition, Batches.Numbered(0, 1), Bounded);
        Assert.Equal(["value-0"], Batches.Values(await reader.ReadAsync(1, Bounded)));
    }

    private sealed class Hold : IOutageRetry
    {
        public int Waits { get; private set; }

        public int Answers { get; private set; }

        public int Successes { get; private set; }

        public bool IsEndless { get; set; }

        public Task WaitAsync(EventLogException outage, CancellationToken cancellation)
        {
            Waits++;
            return IsEndless ? Task.Delay(Timeout.InfiniteTimeSpan, cancellation) : Task.CompletedTask;
        }

        public void Answered() => Answers++;

        public void Succeeded() => Successes++;
    }
}
