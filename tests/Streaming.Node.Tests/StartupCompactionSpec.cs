using System.Runtime;
using Streaming.Node.Running;

namespace Streaming.Node.Tests;

public sealed class StartupCompactionSpec
{
    [Fact]
    public async Task Everything_is_collected_once_when_the_log_is_read_and_later_in_the_background()
    {
        var compaction = new StartupCompaction();
        var (looks, collections) = (0, GC.CollectionCount(GC.MaxGeneration));
        using var stop = new CancellationTokenSource();
        var settled = new TaskCompletionSource();
        var run = compaction.RunAsync(() => ++looks == 3 && !compaction.IsDone, () => settled.Task, TimeProvider.System, stop.Token);
        await Eventually.TrueAsync("the log is read", () => looks == 3);
        Assert.False(compaction.IsDone);
        settled.SetResult();
        await Eventually.TrueAsync("compacted", () => compaction.IsDone);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => run.WaitAsync(TimeSpan.FromSeconds(30)));
        Assert.Equal(3, looks);
        Assert.True(GC.CollectionCount(GC.MaxGeneration) > collections);
        Assert.Equal(GCLatencyMode.SustainedLowLatency, GCSettings.LatencyMode);
    }

    [Theory]
    [InlineData(255, 10, false)]
    [InlineData(257, 10, true)]
    [InlineData(500, 400, false)]
    [InlineData(501, 400, true)]
    public void A_heap_is_collected_again_when_it_has_grown_by_a_quarter_unless_it_is_small(
        long committedMebibytes, long collectedMebibytes, bool isDue) =>
        Assert.Equal(isDue, StartupCompaction.HasGrown(committedMebibytes << 20, collectedMebibytes << 20));

    [Fact]
    public async Task A_node_that_stops_before_is_left_alone()
    {
        using var stop = new CancellationTokenSource();
        var compaction = new StartupCompaction();
        var run = compaction.RunAsync(() => false, () => Task.CompletedTask, TimeProvider.System, stop.Token);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => run.WaitAsync(TimeSpan.FromSeconds(30)));
        Assert.False(compaction.IsDone);
    }
}
