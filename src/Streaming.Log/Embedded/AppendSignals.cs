// Hot: wakes readers after each commit.
namespace Streaming.Log.Embedded;

/// <summary>
/// The readers that wait for each partition. A reader notes the partition's version, reads the file, and waits only if the version is
/// still the same, so that a commit between the read and the wait is not missed.
/// </summary>
internal sealed class AppendSignals
{
    private readonly Lock _gate = new();
    private readonly Dictionary<long, Signal> _signals = [];

    /// <summary>Grows with every commit to the partition that this process knows of.</summary>
    public long Version(long partitionId)
    {
        lock (_gate)
        {
            return Of(partitionId).Version;
        }
    }

    /// <summary>Waits for the next commit; false when there was one since the version was read.</summary>
    public bool TryWait(long partitionId, long version, EmbeddedReader reader)
    {
        lock (_gate)
        {
            var signal = Of(partitionId);
            if (signal.Version != version)
            {
                return false;
            }

            signal.Waiting.Add(reader);
            return true;
        }
    }

    public void Forget(long partitionId, EmbeddedReader reader)
    {
        lock (_gate)
        {
            Of(partitionId).Waiting.Remove(reader);
        }
    }

    /// <summary>A partition has new records.</summary>
    public void Pulse(long partitionId)
    {
        EmbeddedReader[] woken;
        lock (_gate)
        {
            woken = Take(Of(partitionId));
        }

        Wake(woken);
    }

    /// <summary>Any partition may have new records: another process wrote.</summary>
    public void PulseAll()
    {
        List<EmbeddedReader> woken = [];
        lock (_gate)
        {
            foreach (var signal in _signals.Values)
            {
                woken.AddRange(Take(signal));
            }
        }

        Wake([.. woken]);
    }

    private static EmbeddedReader[] Take(Signal signal)
    {
        signal.Version++;
        if (signal.Waiting.Count == 0)
        {
            return [];
        }

        var woken = signal.Waiting.ToArray();
        signal.Waiting.Clear();
        return woken;
    }

    private static void Wake(EmbeddedReader[] woken)
    {
        foreach (var reader in woken)
        {
            reader.Wake();
        }
    }

    private Signal Of(long partitionId)
    {
        if (!_signals.TryGetValue(partitionId, out var signal))
        {
            _signals[partitionId] = signal = new Signal();
        }

        return signal;
    }

    private sealed class Signal
    {
        public long Version { get; set; }

        public List<EmbeddedReader> Waiting { get; } = [];
    }
}
