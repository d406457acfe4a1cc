namespace Streaming.Node.Lane;

/// <summary>
/// A feature of a connection that the lane handed over after an entity of its next request had not answered in time: the route
/// reports it, and asks nobody again.
/// </summary>
internal sealed class LaneTimeout
{
    private int _taken;

    /// <summary>True once: the connection's later requests are asked about anew.</summary>
    public bool Take() => Interlocked.Exchange(ref _taken, 1) == 0;
}
