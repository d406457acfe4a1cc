using System.Collections.Concurrent;
using Streaming.Engine.Deliveries;

namespace Streaming.Engine.Sources;

/// <summary>
/// The reads of a source that are on their way, by number: what confirmations that come as messages belong to. Thread-safe.
/// </summary>
internal sealed class OpenReads
{
    private readonly ConcurrentDictionary<long, ReadInFlight> _reads = new();
    private long _last;

    /// <summary>A read begins.</summary>
    public ReadInFlight Open(long nextOffset)
    {
        var read = new ReadInFlight(Interlocked.Increment(ref _last), nextOffset);
        _reads[read.Number] = read;
        return read;
    }

    /// <summary>A delivery is applied elsewhere. Of a read that has ended there is nothing to confirm. For the source.</summary>
    public void Confirm(DeliveryConfirmed confirmed)
    {
        if (_reads.TryGetValue(confirmed.Read, out var read))
        {
            read.ConfirmOnce(confirmed);
        }
    }

    /// <summary>A read has ended.</summary>
    public void Close(ReadInFlight read) => _reads.TryRemove(read.Number, out _);

    /// <summary>All reads have ended: so has their run.</summary>
    public void Clear() => _reads.Clear();
}
