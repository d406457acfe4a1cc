// Hot: filled once per read of a partition, shared read-only by every entity that the read touches.
namespace Streaming.Features.Events;

/// <summary>
/// Events of one source as columns: only the fields that are wanted are there. A log's are of one partition, rows in offset order; a
/// lake's may be of several (<see cref="Partitions"/>). Filled by one thread, then read-only; entities keep a reference only while
/// they apply it.
/// </summary>
public sealed class EventBatch
{
    private readonly EventColumn?[] _columns;

    /// <param name="source">The fields, in column order.</param>
    /// <param name="wanted">Per field whether it is kept; empty means all.</param>
    /// <param name="capacity">Rows to make room for.</param>
    public EventBatch(EventSource source, ReadOnlySpan<bool> wanted, int capacity)
    {
        Source = source;
        _columns = new EventColumn?[source.Fields.Length];
        for (var i = 0; i < _columns.Length; i++)
        {
            if (wanted.IsEmpty || wanted[i])
            {
                _columns[i] = EventColumn.Create(source.Fields[i].Type);
            }
        }

        Offsets = [];
        EnsureCapacity(capacity);
    }

    /// <summary>What these events are.</summary>
    public EventSource Source { get; }

    /// <summary>The partition that all rows come from.</summary>
    public int Partition { get; set; }

    /// <summary>Each row's partition where they differ; null where all are of <see cref="Partition"/>.</summary>
    public int[]? Partitions { get; set; }

    /// <summary>Rows in use.</summary>
    public int Count { get; set; }

    /// <summary>Each row's offset in its partition, ascending.</summary>
    public long[] Offsets { get; private set; }

    /// <summary>A field's column by its index in <see cref="EventSource.Fields"/>; null when it was not wanted.</summary>
    public EventColumn? this[int field] => _columns[field];

    /// <summary>The partition that a row comes from.</summary>
    public int PartitionOf(int row) => Partitions is { } partitions ? partitions[row] : Partition;

    /// <summary>A number or flag column that is known to be wanted.</summary>
    public double[] Numbers(int field) => ((NumberColumn)_columns[field]!).Values;

    /// <summary>A time column that is known to be wanted.</summary>
    public long[] Times(int field) => ((TimeColumn)_columns[field]!).Values;

    /// <summary>A text column that is known to be wanted.</summary>
    public TextColumn Texts(int field) => (TextColumn)_columns[field]!;

    /// <summary>Makes room for at least <paramref name="rows"/> rows.</summary>
    public void EnsureCapacity(int rows)
    {
        if (Offsets.Length < rows)
        {
            var offsets = Offsets;
            Array.Resize(ref offsets, rows);
            Offsets = offsets;
        }

        foreach (var column in _columns)
        {
            column?.EnsureCapacity(rows);
        }
    }
}
