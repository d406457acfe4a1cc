// Hot: one confirmation per delivery.
namespace Streaming.Engine.Deliveries;

/// <summary>One read of a partition on its way through the entities: it is done when every delivery is confirmed.</summary>
internal sealed class ReadInFlight(long nextOffset)
{
    private readonly TaskCompletionSource<ReadInFlight> _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _open = 1;
    private long _late;
    private long _duplicates;

    /// <summary>The offset behind the last record of the read.</summary>
    public long NextOffset { get; } = nextOffset;

    /// <summary>Completes when every delivery is applied.</summary>
    public Task<ReadInFlight> Done => _done.Task;

    /// <summary>Expects more confirmations; only before <see cref="Sent"/>.</summary>
    public void Expect(int deliveries) => Interlocked.Add(ref _open, deliveries);

    /// <summary>All deliveries are on their way.</summary>
    public void Sent() => Close();

    /// <summary>Its late events, counted once for each entity that they feed.</summary>
    public long Late => Volatile.Read(ref _late);

    /// <summary>Its events that an entity had before, counted once for each entity that they feed.</summary>
    public long Duplicates => Volatile.Read(ref _duplicates);

    /// <summary>One delivery is applied.</summary>
    /// <param name="late">Events that were too late for every window of the entity.</param>
    /// <param name="duplicates">Events that the entity had before.</param>
    public void Confirm(long late, long duplicates = 0)
    {
        if (late > 0)
        {
            Interlocked.Add(ref _late, late);
        }

        if (duplicates > 0)
        {
            Interlocked.Add(ref _duplicates, duplicates);
        }

        Close();
    }

    private void Close()
    {
        if (Interlocked.Decrement(ref _open) == 0)
        {
            _done.TrySetResult(this);
        }
    }
}
