namespace Streaming.Persistence.Redis.Slots;

/// <summary>
/// A call on a slot that another has taken, that was deleted, or that has lost writes of its owner. Nothing was written. Trying again does
/// not help.
/// </summary>
public sealed class SlotFencedException : Exception
{
    /// <param name="address">The slot.</param>
    /// <param name="own">The token of the one that was refused.</param>
    /// <param name="holder">The token that the fence holds; null when it holds none.</param>
    public SlotFencedException(SlotAddress address, SlotToken own, SlotToken? holder)
        : base(
            $"The slot {address} refuses a call with the token {own}: "
            + Why(own, holder))
    {
        Address = address;
        Own = own;
        Holder = holder;
    }

    /// <summary>The slot.</summary>
    public SlotAddress Address { get; }

    /// <summary>The token that was refused.</summary>
    public SlotToken Own { get; }

    private static string Why(SlotToken own, SlotToken? holder) => holder switch
    {
        null => "it was deleted, or the store was emptied. This keeper must end.",
        { } same when same.Owner == own.Owner => "the store has lost writes, as a failover can. This keeper must end.",
        _ => $"{holder} holds it now. Another keeper owns the shard; this one must end.",
    };

    /// <summary>Who holds the slot now; null when nobody does.</summary>
    public SlotToken? Holder { get; }
}
