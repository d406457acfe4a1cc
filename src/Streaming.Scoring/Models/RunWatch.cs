using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Microsoft.ML.OnnxRuntime;

namespace Streaming.Scoring.Models;

/// <summary>
/// Stops runs of one model that take longer than <see cref="Limit"/>: a graph may have a loop that does not end, for some rows or for
/// all. ONNX Runtime looks between two operators whether it is to stop, so a single operator is waited for. Thread-safe.
/// </summary>
internal sealed class RunWatch : IDisposable
{
    /// <summary>How long a run may take unless it is said otherwise.</summary>
    public static readonly TimeSpan Standard = TimeSpan.FromSeconds(10);

    private const int LooksPerLimit = 4;
    private readonly string _path;
    private readonly HashSet<WatchedRun> _runs = [];
    private readonly Timer _timer;

    /// <param name="path">The model's file, for messages.</param>
    /// <param name="limit">How long a run may take.</param>
    public RunWatch(string path, TimeSpan limit)
    {
        (_path, Limit) = (path, limit);
        _timer = new Timer(static watch => ((RunWatch)watch!).Look(), this, limit / LooksPerLimit, limit / LooksPerLimit);
    }

    /// <summary>How long a run may take.</summary>
    public TimeSpan Limit { get; }

    /// <summary>Runs, one at a time, that are stopped when they are late; the caller disposes of them.</summary>
    public WatchedRun Add()
    {
        var run = new WatchedRun(this);
        lock (_runs)
        {
            _runs.Add(run);
        }

        return run;
    }

    /// <summary>Looks no more after a run that is disposed of.</summary>
    public void Remove(WatchedRun run)
    {
        lock (_runs)
        {
            _runs.Remove(run);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _timer.Dispose();

    /// <summary>Says that a run was stopped.</summary>
    [DoesNotReturn]
    public void ThrowLate(OnnxRuntimeException stopped) => throw new ModelException(
        string.Create(
            CultureInfo.InvariantCulture,
            $"model {_path}: it did not answer within {Limit.TotalSeconds:0.###} s and was stopped; look for a loop in it that does not " +
            $"end, or serve a smaller model"),
        stopped);

    private void Look()
    {
        var until = Environment.TickCount64 - (long)Limit.TotalMilliseconds;
        lock (_runs)
        {
            foreach (var run in _runs)
            {
                run.StopIfBegunBefore(until);
            }
        }
    }
}
