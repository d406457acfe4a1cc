using System.Runtime;

namespace Streaming.Node.Running;

/// <summary>
/// Compacts the heap once the node has caught up. Entities are hundreds of megabytes that live long, and catching up leaves holes among them; left
/// alone, the garbage collector closes the holes by a blocking collection of everything at some moment of its own, minutes later, and stops
/// every answer for most of a second.
/// </summary>
internal sealed class StartupCompaction
{
    private static readonly TimeSpan s_look = TimeSpan.FromMilliseconds(100);
    private volatile bool _isDone;

    /// <summary>Whether the heap is compact. That stops the process for up to a second, so a node is not ready before.</summary>
    public bool IsDone => _isDone;

    /// <summary>Compacts once, when all that the log held is in memory, and asks for background collections from then on.</summary>
    public async Task RunAsync(Func<bool> isRead, TimeProvider clock, CancellationToken cancellation)
    {
        using var timer = new PeriodicTimer(s_look, clock);
        while (!isRead())
        {
            await timer.WaitForNextTickAsync(cancellation);
        }

        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        GCSettings.LatencyMode = GCLatencyMode.SustainedLowLatency;
        _isDone = true;
    }
}
