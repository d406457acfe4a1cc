using System.Runtime;

namespace Streaming.Cli.Running;

/// <summary>
/// Keeps the garbage collector from stopping every answer for most of a second. Entities are hundreds of megabytes that live long, and catching up leaves
/// holes among them; left alone, the collector closes the holes by a blocking collection of everything at some moment of its own, minutes later.
/// </summary>
internal sealed class QuietHeap
{
    private static readonly TimeSpan s_look = TimeSpan.FromMilliseconds(100);
    private volatile bool _isQuiet;

    /// <summary>Whether the holes are closed. That stops the process for up to a second, so a node is not ready before.</summary>
    public bool IsQuiet => _isQuiet;

    /// <summary>Closes the holes once, when all that the log held is in memory, and asks for background collections from then on.</summary>
    public async Task KeepAsync(Func<bool> isRead, TimeProvider time, CancellationToken cancellation)
    {
        using var timer = new PeriodicTimer(s_look, time);
        while (!isRead())
        {
            await timer.WaitForNextTickAsync(cancellation);
        }

        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        GCSettings.LatencyMode = GCLatencyMode.SustainedLowLatency;
        _isQuiet = true;
    }
}
