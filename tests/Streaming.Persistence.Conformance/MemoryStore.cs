using Streaming.Persistence.Redis;

namespace Streaming.Persistence.Conformance;

/// <summary>
/// A store in memory, for tests of what uses slots, with the faults of a real one. Thread-safe. Every change is one step: a batch, a
/// manifest, a take, a change of the generations.
/// </summary>
public sealed class MemoryStore
{
    private const int HistoryMax = 100_000;
    private readonly Lock _gate = new();
    private readonly List<MemoryState> _history = [];
    private readonly List<Func<MemoryState, MemoryState>> _held = [];
    private MemoryState _state = MemoryState.Empty;

    /// <summary>Why calls fail as an outage; null while they do not.</summary>
    public string? Outage { get; set; }

    /// <summary>How many of the next changes happen, and fail all the same: their answer is lost.</summary>
    public int AnswersToLose { get; set; }

    /// <summary>How many of the next changes fail, and happen only when <see cref="LandHeld"/> says so.</summary>
    public int ChangesToHold { get; set; }

    /// <summary>Awaited before every call; a delay under the control of the test.</summary>
    public Func<CancellationToken, Task> Delay { get; set; } = static _ => Task.CompletedTask;

    /// <summary>Snapshots that one change writes.</summary>
    public int BatchEntries { get; init; } = 256;

    /// <summary>Changes so far.</summary>
    public int Changes { get; private set; }

    /// <summary>A backup.</summary>
    public MemoryState Copy()
    {
        lock (_gate)
        {
            return _state;
        }
    }

    /// <summary>Puts a backup in place of everything.</summary>
    public void Restore(MemoryState copy)
    {
        lock (_gate)
        {
            _state = copy;
            _history.Clear();
        }
    }

    /// <summary>Deletes everything.</summary>
    public void Empty() => Restore(MemoryState.Empty);

    /// <summary>Loses the last changes, as a failover to a replica that lags does.</summary>
    public void LoseLast(int changes)
    {
        lock (_gate)
        {
            for (var lost = 0; lost < changes && _history.Count > 0; lost++)
            {
                _state = _history[^1];
                _history.RemoveAt(_history.Count - 1);
            }
        }
    }

    /// <summary>Lets the changes happen that were held: they are compared with the fence as it is now.</summary>
    public void LandHeld()
    {
        lock (_gate)
        {
            foreach (var change in _held)
            {
                Apply(change);
            }

            _held.Clear();
        }
    }

    internal async Task<T> ReadAsync<T>(Func<MemoryState, T> read, CancellationToken cancellation)
    {
        await ArriveAsync(cancellation);
        return read(Copy());
    }

    /// <summary>Runs a change; what it throws is thrown, and nothing is changed then.</summary>
    internal async Task ChangeAsync(Func<MemoryState, MemoryState> change, CancellationToken cancellation)
    {
        await ArriveAsync(cancellation);
        lock (_gate)
        {
            if (ChangesToHold > 0)
            {
                ChangesToHold--;
                _held.Add(change);
                throw Failure("the answer did not come in time");
            }

            Apply(change);
            if (AnswersToLose > 0)
            {
                AnswersToLose--;
                throw Failure("the answer was lost");
            }
        }
    }

    private async Task ArriveAsync(CancellationToken cancellation)
    {
        await Delay(cancellation);
        cancellation.ThrowIfCancellationRequested();
        if (Outage is { } reason)
        {
            throw Failure(reason);
        }
    }

    private void Apply(Func<MemoryState, MemoryState> change)
    {
        MemoryState next;
        try
        {
            next = change(_state);
        }
        catch (Redis.Slots.SlotFencedException) when (_held.Contains(change))
        {
            // Refused, and nobody waits for the answer any more.
            return;
        }

        if (_history.Count == HistoryMax)
        {
            _history.RemoveRange(0, HistoryMax / 2);
        }

        _history.Add(_state);
        _state = next;
        Changes++;
    }

    private static SlotStoreException Failure(string reason) => new($"The store in memory: {reason}.", retriable: true, null);
}
