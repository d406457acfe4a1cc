namespace Streaming.Persistence.Redis.Slots;

/// <summary>
/// What an owner knows of its writes to a slot: each expects the fence as the one before left it. One writer at a time; reads of
/// <see cref="Acknowledged"/> from any thread.
/// </summary>
internal sealed class SlotWrites(SlotAddress address, SlotFence taken)
{
    private readonly Lock _gate = new();
    private SlotFence _sent = taken;
    private SlotFence _acknowledged = taken;

    /// <summary>The fence as the last answered write left it: the slot has at least this.</summary>
    public SlotFence Acknowledged
    {
        get
        {
            lock (_gate)
            {
                return _acknowledged;
            }
        }
    }

    /// <summary>Whether the end of a write is not known: it may still happen, see <see cref="IShardSlot"/>.</summary>
    public bool IsUnclear { get; private set; }

    /// <summary>The fence that the next write expects, and the one that it leaves.</summary>
    public (SlotFence Before, SlotFence After) Next()
    {
        var before = _sent;
        _sent = before with { Writes = before.Writes + 1 };
        return (before, _sent);
    }

    /// <summary>A write was answered.</summary>
    public void Acknowledge(SlotFence after)
    {
        lock (_gate)
        {
            _acknowledged = after.HasAllOf(_acknowledged) ? after : _acknowledged;
        }
    }

    /// <summary>The end of a write is not known.</summary>
    public void SetUnclear() => IsUnclear = true;

    /// <summary>The epoch was raised: what is late is refused.</summary>
    public void Renew(string? fence)
    {
        if (!SlotFence.TryParse(fence, out var renewed))
        {
            throw Refused(fence);
        }

        lock (_gate)
        {
            (_sent, _acknowledged) = (renewed, renewed);
        }

        IsUnclear = false;
    }

    /// <summary>
    /// Why the store refused. Where the slot has all that was answered, a write before this one did not arrive: trying again helps.
    /// </summary>
    public Exception Refused(string? held)
    {
        var known = Acknowledged;
        if (!SlotFence.TryParse(held, out var fence))
        {
            return new SlotFencedException(address, known.Token, SlotToken.TryParse(held, out var token) ? token : null);
        }

        var missing = $"Redis: slot {address} has write {fence.Writes}, and the next one did not arrive.";
        return fence.Token == known.Token && fence.HasAllOf(known)
            ? new SlotStoreException(missing, retriable: true, null)
            : new SlotFencedException(address, known.Token, fence.Token);
    }
}
