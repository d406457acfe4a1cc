// Hot: one confirmation per delivery.
namespace Streaming.Engine.Deliveries;

/// <summary>One read of a partition on its way through the entities: it is done when every delivery is confirmed.</summary>
internal sealed class ReadInFlight(long number, long nextOffset) : IDeliveryReceipt
{
    private readonly TaskCompletionSource<ReadInFlight> _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private HashSet<int>? _confirmed;
    private int _open = 1;
    private int _expected;
    private long _late;
    private long _duplicates;

    /// <inheritdoc/>
    public long Number { get; } = number;

    /// <summary>The offset behind the last record of the read.</summary>
    public long NextOffset { get; } = nextOffset;

    /// <summary>Completes when every delivery is applied.</summary>
    public Task<ReadInFlight> Done => _done.Task;

    /// <summary>Expects more confirmations; only before <see cref="Sent"/>, and by one thread.</summary>
    /// <returns>The number of the first of these deliveries.</returns>
    public int Expect(int deliveries)
    {
        Interlocked.Add(ref _open, deliveries);
        var first = _expected;
        _expected += deliveries;
        return first;
    }

    /// <summary>All deliveries are on their way.</summary>
    public void Sent() => Close(1);

    /// <summary>Its late events, counted once for each entity that they feed.</summary>
    public long Late => Volatile.Read(ref _late);

    /// <summary>Its events that an entity had before, counted once for each entity that they feed.</summary>
    public long Duplicates => Volatile.Read(ref _duplicates);

    /// <summary>A confirmation came as a message; one that comes twice counts once. For the source.</summary>
    public void ConfirmOnce(DeliveryConfirmed confirmed)
    {
        if ((_confirmed ??= []).Add(confirmed.Delivery))
        {
            Count(confirmed.Late, confirmed.Duplicates);
            Close(confirmed.Deliveries);
        }
    }

    /// <inheritdoc/>
    public void Confirm(int delivery, long late, long duplicates)
    {
        Count(late, duplicates);
        Close(1);
    }

    private void Count(long late, long duplicates)
    {
        if (late > 0)
        {
            Interlocked.Add(ref _late, late);
        }

        if (duplicates > 0)
        {
            Interlocked.Add(ref _duplicates, duplicates);
        }
    }

    private void Close(int deliveries)
    {
        if (Interlocked.Add(ref _open, -deliveries) == 0)
        {
            _done.TrySetResult(this);
        }
    }
}
