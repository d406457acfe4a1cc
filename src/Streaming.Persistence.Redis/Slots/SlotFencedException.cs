namespace Streaming.Persistence.Redis.Slots;

/// <summary>A write to a slot that another has taken, or that was deleted. Nothing was written. Trying again does not help.</summary>
public sealed class SlotFencedException : Exception
{
    /// <param name="address">The slot.</param>
    /// <param name="own">The token of the one that was refused.</param>
    /// <param name="holder">The token that the fence holds; null when it holds none.</param>
    public SlotFencedException(SlotAddress address, SlotToken own, SlotToken? holder)
        : base(
            $"The slot {address} refuses a write with the token {own}: "
            + (holder is null ? "it was deleted, or the store was emptied." : $"{holder} holds it now.")
            + " Another keeper owns the shard; this one must end.")
    {
        Address = address;
        Own = own;
        Holder = holder;
    }

    /// <summary>The slot.</summary>
    public SlotAddress Address { get; }

    /// <summary>The token that was refused.</summary>
    public SlotToken Own { get; }

    /// <summary>Who holds the slot now; null when nobody does.</summary>
    public SlotToken? Holder { get; }
}
