using Streaming.Persistence.Redis.Embedded;

namespace Streaming.Persistence.Redis.Tests.Embedded;

/// <summary>A Garnet whose calls never end, as over a disk that hangs: it is told, and nobody waits for it for ever.</summary>
public sealed class HangingDiskSpec : IDisposable
{
    private static readonly TimeSpan s_bound = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan s_enough = TimeSpan.FromSeconds(60);

    private readonly TempFolder _folder = new();
    private readonly HangingGarnet _garnet = new();

    public void Dispose()
    {
        _garnet.LetGo();
        _folder.Dispose();
    }

    [Fact]
    public async Task A_commit_that_hangs_is_told_and_the_server_is_left_alone()
    {
        await using var keeper = Keeper();
        var fault = await keeper.FaultAsync().WaitAsync(s_enough);
        Assert.StartsWith($"The embedded Redis has not written its log to {_folder.FullName} within 0.05 s", fault, StringComparison.Ordinal);
        Assert.Equal(fault, await keeper.FaultAsync().WaitAsync(s_enough));

        // The look of each second, and both questions, wait for one commit.
        await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => keeper.FaultAsync())).WaitAsync(s_enough);
        Assert.InRange(_garnet.Waits, 0, 1);
        Assert.Equal(0, _garnet.Ends);

        _garnet.LetGo();
        await Eventually.TrueAsync("it works again", async () => await keeper.FaultAsync() is null, () => "a fault");
    }

    [Fact]
    public async Task An_end_that_hangs_is_a_failure_within_its_bound()
    {
        var keeper = Keeper();
        var failure = await Assert.ThrowsAsync<SlotStoreException>(() => keeper.DisposeAsync().AsTask().WaitAsync(s_enough));
        Assert.Equal("Garnet has not ended within 0.05 s", failure.Message);
    }

    private GarnetKeeper Keeper() =>
        new(new EmbeddedRedisSettings(_folder.FullName) { Port = 1 }, _folder.FullName, "secret", new GarnetCalls(_garnet, s_bound, s_bound));

    /// <summary>Blocks its callers and heeds no token.</summary>
    private sealed class HangingGarnet : IGarnet
    {
        private readonly ManualResetEventSlim _gone = new();
        private int _waits;
        private int _ends;

        public int Waits => _waits;

        public int Ends => _ends;

        public void LetGo() => _gone.Set();

        public Task WaitForCommitAsync(CancellationToken cancellation)
        {
            Interlocked.Increment(ref _waits);
            _gone.Wait(CancellationToken.None);
            return Task.CompletedTask;
        }

        public Task CommitAsync(CancellationToken cancellation)
        {
            _gone.Wait(CancellationToken.None);
            return Task.CompletedTask;
        }

        public void Dispose()
        {
            Interlocked.Increment(ref _ends);
            _gone.Wait(CancellationToken.None);
        }
    }
}
