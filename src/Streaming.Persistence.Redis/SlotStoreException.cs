namespace Streaming.Persistence.Redis;

/// <summary>
/// The store did not do what was asked, or did not say so in time. Its text says what, where and how to mend it.
/// </summary>
public sealed class SlotStoreException : IOException
{
    /// <param name="message">What, where, and what to do.</param>
    /// <param name="retriable">Whether it is an outage.</param>
    /// <param name="inner">The cause.</param>
    public SlotStoreException(string message, bool retriable, Exception? inner)
        : base(message, inner) => Retriable = retriable;

    /// <summary>Whether it is an outage that ends by itself; otherwise something must be changed first.</summary>
    public bool Retriable { get; }
}
