// Hot: begun and ended once per score.
using Microsoft.ML.OnnxRuntime;

namespace Streaming.Scoring.Models;

/// <summary>
/// The options of runs, one at a time, that a <see cref="RunWatch"/> may stop. Its state is one number, so that a run costs a clock
/// reading and two writes.
/// </summary>
internal sealed class WatchedRun(RunWatch watch) : IDisposable
{
    private const long Idle = 0;
    private const long Stopping = -1;
    private const long Stopped = -2;

    // When the run under way began, in milliseconds and above 0; or one of the names above.
    private long _state;

    /// <summary>What the session is given.</summary>
    public RunOptions Options { get; } = new();

    /// <summary>Whether the run under way was told to stop.</summary>
    public bool IsStopped => Volatile.Read(ref _state) is Stopping or Stopped;

    /// <summary>Begins a run.</summary>
    /// <returns>What <see cref="End"/> is given.</returns>
    public long Begin()
    {
        var begun = Math.Max(1, Environment.TickCount64);
        Volatile.Write(ref _state, begun);
        return begun;
    }

    /// <summary>Ends it; a stop that came too late does not reach the next run.</summary>
    public void End(long begun)
    {
        if (Interlocked.CompareExchange(ref _state, Idle, begun) != begun)
        {
            Reset();
        }
    }

    /// <summary>Ends a run that ONNX Runtime ended with an error, as one of the model's where it was stopped.</summary>
    /// <exception cref="ModelException">It was stopped.</exception>
    public void ThrowIfStopped(OnnxRuntimeException error)
    {
        if (IsStopped)
        {
            watch.ThrowLate(error);
        }
    }

    /// <summary>Stops the run under way if it is late; called by the watch.</summary>
    public void StopIfBegunBefore(long until)
    {
        var state = Volatile.Read(ref _state);
        if (state > Idle && state < until && Interlocked.CompareExchange(ref _state, Stopping, state) == state)
        {
            Options.Terminate = true;
            Volatile.Write(ref _state, Stopped);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        watch.Remove(this);
        Options.Dispose();
    }

    private void Reset()
    {
        SpinWait.SpinUntil(() => Volatile.Read(ref _state) == Stopped);
        Options.Terminate = false;
        Volatile.Write(ref _state, Idle);
    }
}
