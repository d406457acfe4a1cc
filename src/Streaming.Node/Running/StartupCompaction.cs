using System.Runtime;

namespace Streaming.Node.Running;

/// <summary>
/// Compacts the heap once the node has caught up, and again each time that it has grown by half since: an empty log, or a history that is written
/// beside the node, is caught up with long before its entities are in memory. Entities are hundreds of megabytes that live long, and catching up leaves holes among them; left
/// alone, the garbage collector closes the holes by a blocking collection of everything at some moment of its own, minutes later, and stops
/// every answer for most of a second.
/// </summary>
internal sealed class StartupCompaction
{
    private const long GrownBytesMin = 256L << 20;
    private static readonly TimeSpan s_look = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan s_lookForGrowth = TimeSpan.FromSeconds(5);
    private volatile bool _isDone;

    /// <summary>Whether the heap is compact. That stops the process for up to a second, so a node is not ready before.</summary>
    public bool IsDone => _isDone;

    /// <summary>Compacts when all that the log held is in memory, asks for background collections from then on, and looks for growth until cancelled.</summary>
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

    /// <summary>Whether a heap is worth another stop: it never is for a small one, and each stop waits for half as much again.</summary>
    internal static bool HasGrown(long committed, long compacted) => committed > Math.Max(GrownBytesMin, compacted + (compacted / 2));

    private static long Compact()
    {
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        return GC.GetGCMemoryInfo(GCKind.FullBlocking).TotalCommittedBytes;
    }
}
