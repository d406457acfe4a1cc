using System.Runtime;

namespace Streaming.Node.Running;

/// <summary>
/// Compacts the heap once, when the node has caught up and before it is ready, and asks for background collections from then on.
/// Entities are hundreds of megabytes of long-lived objects, and catching up fragments them. Without this the garbage collector compacts
/// them minutes later, in a blocking collection that stops every answer for most of a second. Nothing is compacted after that, since it
/// would be such a stop; each time that the heap has grown, what is dead is made free beside the node's work, so that it grows less.
/// </summary>
internal sealed class StartupCompaction
{
    private const long GrownBytesMin = 256L << 20;
    private static readonly TimeSpan s_look = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan s_lookForGrowth = TimeSpan.FromSeconds(5);

    // What is asked to rest must be in the store first; a slow one does not keep the node from being ready.
    private static readonly TimeSpan s_settling = TimeSpan.FromSeconds(20);
    private volatile bool _isDone;

    /// <summary>Whether the heap is compact. That stops the process for up to a second, so a node is not ready before.</summary>
    public bool IsDone => _isDone;

    /// <summary>
    /// Compacts when all that the log held is in memory, and what of it is idle rests there; asks for background collections from then on,
    /// and looks for growth until cancelled.
    /// </summary>
    public async Task RunAsync(Func<bool> isRead, Func<Task> settleAsync, TimeProvider clock, CancellationToken cancellation)
    {
        using (var look = new PeriodicTimer(s_look, clock))
        {
            while (!isRead())
            {
                await look.WaitForNextTickAsync(cancellation);
            }
        }

        await Task.WhenAny(settleAsync(), Task.Delay(s_settling, clock, cancellation));
        cancellation.ThrowIfCancellationRequested();
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        NativeHeap.Trim();
        GCSettings.LatencyMode = GCLatencyMode.SustainedLowLatency;
        _isDone = true;
        using var timer = new PeriodicTimer(s_lookForGrowth, clock);

        // The first time without growth: by then sources have let go of the large reads of catching up.
        var collected = 0L;
        while (await timer.WaitForNextTickAsync(cancellation))
        {
            if (HasGrown(Committed, collected))
            {
                GC.Collect(GC.MaxGeneration, GCCollectionMode.Forced, blocking: false, compacting: false);
                collected = Committed;
            }
        }
    }

    /// <summary>Whether the heap is worth another collection: not a small one, and only after growth by a quarter.</summary>
    internal static bool HasGrown(long committed, long collected) => committed > Math.Max(GrownBytesMin, collected + (collected / 4));

    private static long Committed => GC.GetGCMemoryInfo(GCKind.Any).TotalCommittedBytes;
}
