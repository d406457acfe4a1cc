namespace Streaming.Features.Layout;

/// <summary>One event as entity state holds it: its time, its place in the log (0 where a view does not need it) and its columns.</summary>
internal readonly ref struct StoredEvent(long time, long order, ReadOnlySpan<long> values)
{
    /// <summary>Event time, milliseconds.</summary>
    public long Time { get; } = time;

    /// <summary>Partition and offset, comparable.</summary>
    public long Order { get; } = order;

    /// <summary>One value a column.</summary>
    public ReadOnlySpan<long> Values { get; } = values;

    /// <summary>Whether it comes before another in event time, then log order.</summary>
    public bool IsBefore(long time, long order) => Time < time || (Time == time && Order < order);
}
