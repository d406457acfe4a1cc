using System.Runtime;

namespace Streaming.Node.Running;

/// <summary>
/// Compacts the heap once the node has caught up, and again each time that it has grown by half since then: a node on an empty log, or
/// beside a history that is still being written, has caught up long before its entities are in memory. Entities are hundreds of
/// megabytes of long-lived objects, and catching up fragments them. Without this the garbage collector compacts them minutes later, in a
/// blocking collection that stops every answer for most of a second.
/// </summary>
internal sealed class StartupCompaction
{
    private const long GrownBytesMin = 256L << 20;
    private static readonly TimeSpan s_look = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan s_lookForGrowth = TimeSpan.FromSeconds(5);
    private volatile bool _isDone;

    /// <summary>Whether the heap is compact. That stops the process for up to a second, so a node is not ready before.</summary>
    public bool IsDone => _isDone;

    /// <summary>
    /// Compacts when all that the log held is in memory, asks for background collections from then on, and looks for growth until
    /// cancelled.
    /// </summary>
    public async Task RunAsync(Func<bool> isRead, TimeProvider clock, CancellationToken cancellation)
    {
        using var timer = new PeriodicTimer(s_look, clock);
        while (!isRead())
        {
            await timer.WaitForNextTickAsync(cancellation);
        }

        var compacted = Compact();
        GCSettings.LatencyMode = GCLatencyMode.SustainedLowLatency;
        _isDone = true;
        timer.Period = s_lookForGrowth;
        while (await timer.WaitForNextTickAsync(cancellation))
        {
            if (isRead() && HasGrown(GC.GetGCMemoryInfo().TotalCommittedBytes, compacted))
            {
                compacted = Compact();
            }
        }
    }

    /// <summary>Whether compacting again is worth the stop: not for a small heap, and only after growth by half.</summary>
    internal static bool HasGrown(long committed, long compacted) => committed > Math.Max(GrownBytesMin, compacted + (compacted / 2));

    private static long Compact()
    {
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        return GC.GetGCMemoryInfo(GCKind.FullBlocking).TotalCommittedBytes;
    }
}
