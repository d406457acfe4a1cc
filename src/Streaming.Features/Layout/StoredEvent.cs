namespace Streaming.Features.Layout;

/// <summary>One event as entity state holds it: its time, its place in the log (0 where a view does not need it) and its columns.</summary>
internal readonly ref struct StoredEvent(long time, long order, ReadOnlySpan<long> values)
{
    /// <summary>Event time, milliseconds.</summary>
    public long Time { get; } = time;

    /// <summary>Partition and offset, comparable.</summary>
    public long Order { get; } = order;

    /// <summary>When it became known, milliseconds; 0 where a view does not keep it.</summary>
    public long Known { get; init; }

    /// <summary>The hash of the id by which it is corrected; 0 for none.</summary>
    public UInt128 Id { get; init; }

    /// <summary>One value a column.</summary>
    public ReadOnlySpan<long> Values { get; } = values;

    /// <summary>The word of a column between the times and the inputs.</summary>
    public long Fact(int column, int known) => (column - known) switch
    {
        0 => Known,
        1 => (long)(ulong)Id,
        2 => (long)(ulong)(Id >> 64),
        _ => Order,
    };

    /// <summary>Whether it comes before another in event time, then log order.</summary>
    public bool IsBefore(long time, long order) => Time < time || (Time == time && Order < order);
}
