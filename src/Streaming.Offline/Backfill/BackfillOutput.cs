using System.Collections.Immutable;
using Streaming.Features.Events;
using Streaming.Features.Plans;
using Streaming.Offline.Parquet;

namespace Streaming.Offline.Backfill;

/// <summary>
/// The output file: the event id as it was, then a column for each element of the vector; counts that every row has are 32-bit integers.
/// </summary>
internal sealed class BackfillOutput : IDisposable
{
    private readonly string _path;
    private readonly string _idColumn;
    private readonly bool _integerIds;
    private readonly ServicePlan _service;
    private readonly bool[] _counts;
    private readonly Buffer[] _buffers = [new(), new()];
    private ParquetTableWriter? _writer;
    private int _next;

    public BackfillOutput(string path, string idColumn, bool integerIds, ServicePlan service, JoinSpine spine)
    {
        _path = path;
        _idColumn = idColumn;
        _integerIds = integerIds;
        _service = service;
        _counts =
        [
            .. Enumerable.Range(0, service.FeatureNames.Length)
                .Select(i => service.IsCount(i) && !MayLackKey(service.SlotOf(i), service, spine)),
        ];
        Columns = [idColumn, .. service.FeatureNames];
    }

    /// <summary>The columns' names.</summary>
    public ImmutableArray<string> Columns { get; }

    /// <summary>Room for a chunk's vectors, while the chunk before it is being written.</summary>
    public Buffer NextBuffer(int rows)
    {
        _next = 1 - _next;
        _buffers[_next].Reserve(rows, _service.FeatureNames.Length);
        return _buffers[_next];
    }

    /// <summary>Writes a chunk; one at a time.</summary>
    public void Write(Buffer buffer, EventIds ids, int rows)
    {
        var columns = ImmutableArray.CreateBuilder<ParquetColumn>(Columns.Length);
        columns.Add(_integerIds ? ParquetColumn.Of(_idColumn, ids.Integers!) : ParquetColumn.Of(_idColumn, ids.Texts!));
        for (var i = 0; i < buffer.Vector.Length; i++)
        {
            columns.Add(_counts[i]
                ? ParquetColumn.Of(Columns[i + 1], Counts(buffer.Vector[i], buffer.Counts[i], rows))
                : ParquetColumn.Of(Columns[i + 1], buffer.Vector[i]));
        }

        _writer ??= new ParquetTableWriter(_path, columns.ToImmutable());
        _writer.Append(columns.MoveToImmutable(), 0, rows);
    }

    /// <summary>Ends the file.</summary>
    public void Complete()
    {
        if (_writer is null)
        {
            // Without rows the columns are of the same types.
            Write(NextBuffer(0), new EventIds([], new TextColumn()), 0);
        }

        _writer!.Complete();
    }

    /// <inheritdoc/>
    public void Dispose() => _writer?.Dispose();

    // A row that need not name the entity may have no count.
    private static bool MayLackKey(int slot, ServicePlan service, JoinSpine spine)
    {
        var read = service.Entities.First(read => read.Plan.Slots.Contains(slot));
        return spine.Source.Fields[spine.KeyOf(read.Plan.Entity)].Nullable;
    }

    private static int[] Counts(double[] values, int[] counts, int rows)
    {
        for (var row = 0; row < rows; row++)
        {
            counts[row] = (int)values[row];
        }

        return counts;
    }

    /// <summary>One chunk's vectors, column by column.</summary>
    internal sealed class Buffer
    {
        public double[][] Vector { get; private set; } = [];

        public int[][] Counts { get; private set; } = [];

        public void Reserve(int rows, int columns)
        {
            if (Vector.Length != columns || Vector[0].Length < rows)
            {
                Vector = [.. Enumerable.Range(0, columns).Select(_ => new double[rows])];
                Counts = [.. Enumerable.Range(0, columns).Select(_ => new int[rows])];
            }
        }
    }
}
