using Streaming.Features.State;

namespace Streaming.Node.Lane;

/// <summary>
/// A feature of a connection that the lane handed over after it had asked entities in vain: what came of its next request, for the
/// route to report. Anything but <see cref="ReadOutcome.TooOld"/> is a time-out.
/// </summary>
internal sealed class LaneOutcome(ReadOutcome outcome)
{
    private int _taken;

    /// <summary>The outcome, once: the connection's later requests are asked about anew.</summary>
    public ReadOutcome? Take() => Interlocked.Exchange(ref _taken, 1) == 0 ? outcome : null;
}
