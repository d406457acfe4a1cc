using System.Runtime;
using Streaming.Cli.Running;

namespace Streaming.Cli.Tests;

public sealed class QuietHeapSpec
{
    [Fact]
    public async Task Everything_is_collected_once_when_the_log_is_read_and_later_in_the_background()
    {
        var heap = new QuietHeap();
        var (looks, collections) = (0, GC.CollectionCount(GC.MaxGeneration));
        await heap.KeepAsync(() => ++looks == 3 && !heap.IsQuiet, TimeProvider.System, CancellationToken.None).WaitAsync(TimeSpan.FromSeconds(30));
        Assert.Equal(3, looks);
        Assert.True(heap.IsQuiet);
        Assert.True(GC.CollectionCount(GC.MaxGeneration) > collections);
        Assert.Equal(GCLatencyMode.SustainedLowLatency, GCSettings.LatencyMode);
    }

    [Fact]
    public async Task A_node_that_stops_before_is_left_alone()
    {
        using var stop = new CancellationTokenSource();
        var heap = new QuietHeap();
        var kept = heap.KeepAsync(() => false, TimeProvider.System, stop.Token);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => kept.WaitAsync(TimeSpan.FromSeconds(30)));
        Assert.False(heap.IsQuiet);
    }
}
