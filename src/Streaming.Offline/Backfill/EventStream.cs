namespace Streaming.Offline.Backfill;

/// <summary>Hands out joined events up to a time, which only grows.</summary>
internal sealed class EventStream(JoinedEvents events) : IDisposable
{
    private readonly IEnumerator<EventChunk> _chunks = events.Chunks.GetEnumerator();
    private EventChunk? _current;
    private int _next;
    private bool _ended;

    /// <summary>Which events they are.</summary>
    public JoinedEvents Events => events;

    /// <summary>The events up to a time, inclusive, that were not handed out before.</summary>
    public IReadOnlyList<EventSlice> TakeUntil(long time)
    {
        var slices = new List<EventSlice>();
        while (Current() is { } chunk)
        {
            var until = FirstAfter(chunk, _next, time);
            if (until > _next)
            {
                slices.Add(new EventSlice(chunk, _next, until));
                _next = until;
            }

            if (until < chunk.Count)
            {
                break;
            }

            _current = null;
        }

        return slices;
    }

    /// <inheritdoc/>
    public void Dispose() => _chunks.Dispose();

    private EventChunk? Current()
    {
        if (_current is null && !_ended)
        {
            (_ended, _next) = (!_chunks.MoveNext(), 0);
            _current = _ended ? null : _chunks.Current;
        }

        return _current;
    }

    private static int FirstAfter(EventChunk chunk, int low, long time)
    {
        var high = chunk.Count;
        while (low < high)
        {
            var middle = (low + high) >>> 1;
            (low, high) = chunk.Times[chunk.RowAt(middle)] <= time ? (middle + 1, high) : (low, middle);
        }

        return low;
    }
}
