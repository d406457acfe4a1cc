// Hot: every exported row is copied here twice.
using System.Collections.Immutable;
using System.Globalization;
using Avro.Generic;
using Streaming.Features.Events;
using Streaming.Offline.Parquet;

namespace Streaming.Offline.Lake;

/// <summary>Rows of one partition that wait to be written, in the order of their offsets.</summary>
internal sealed class LakeRows(LakeSchema schema)
{
    private const long DayMillis = 86_400_000;
    private readonly EventBatch _events = new(schema.Source, [], 0);
    private readonly List<long> _offsets = [];
    private readonly List<long> _timestamps = [];
    private readonly List<GenericRecord> _whole = [];

    /// <summary>How many.</summary>
    public int Count => _offsets.Count;

    /// <summary>Adds decoded events.</summary>
    /// <param name="events">The events, which are copied.</param>
    /// <param name="records">Where and when the log had each.</param>
    /// <param name="whole">The same events with their lists, where the topic has some.</param>
    public void Add(EventBatch events, IReadOnlyList<(long Offset, long Timestamp)> records, IReadOnlyList<GenericRecord> whole)
    {
        _events.EnsureCapacity(Capacity(Count + records.Count));
        for (var field = 0; field < schema.Source.Fields.Length; field++)
        {
            _events[field]!.CopyFrom(events[field]!, Count, records.Count);
        }

        foreach (var (offset, timestamp) in records)
        {
            _offsets.Add(offset);
            _timestamps.Add(timestamp);
        }

        _whole.AddRange(whole);
    }

    /// <summary>The rows of each day, each day's in their order.</summary>
    public IEnumerable<(string Day, int[] Rows)> ByDay()
    {
        var times = _events.Times(schema.TimeField);
        return Enumerable.Range(0, Count)
            .GroupBy(row => Math.DivRem(times[row], DayMillis) is (var day, < 0) ? day - 1 : times[row] / DayMillis)
            .OrderBy(day => day.Key)
            .Select(day => (
                DateTime.UnixEpoch.AddDays(day.Key).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture), (int[])[.. day]));
    }

    /// <summary>Some rows as columns of a file.</summary>
    public ImmutableArray<ParquetColumn> Columns(int partition, int[] rows) =>
    [
        .. schema.Columns.Select(column => ColumnOf(column, rows)),
        ParquetColumn.Of(LakeSchema.Partition, Enumerable.Repeat(partition, rows.Length).ToArray()),
        ParquetColumn.Of(LakeSchema.Offset, Array.ConvertAll(rows, row => _offsets[row])),
        ParquetColumn.OfTimes(LakeSchema.Timestamp, Array.ConvertAll(rows, row => _timestamps[row])),
    ];

    private static int Capacity(int rows) => (int)System.Numerics.BitOperations.RoundUpToPowerOf2((uint)rows);

    private ParquetColumn ColumnOf(LakeColumn column, int[] rows) => column.Kind switch
    {
        LakeKind.Numbers => new ListParquetColumn<double>(column.Name, Lists<double>(column, rows)),
        LakeKind.Texts => new ListParquetColumn<string>(column.Name, Lists<string>(column, rows)),
        LakeKind.Text => ParquetColumn.Of(column.Name, Gather(_events.Texts(column.Field), rows)),
        LakeKind.Bytes => new TextParquetColumn(column.Name, new SliceSource(Gather(_events.Texts(column.Field), rows)), isBytes: true),
        LakeKind.Time when column.Nullable => OptionalParquetColumn.OfTimes(column.Name, Gather(_events.Times(column.Field), rows)),
        LakeKind.Time => ParquetColumn.OfTimes(column.Name, Gather(_events.Times(column.Field), rows)),
        LakeKind.Flag => OptionalParquetColumn.OfFlags(column.Name, Gather(_events.Numbers(column.Field), rows), column.Nullable),
        LakeKind.Integer => OptionalParquetColumn.OfIntegers(column.Name, Gather(_events.Numbers(column.Field), rows), column.Nullable),
        _ when column.Nullable => OptionalParquetColumn.OfNumbers(column.Name, Gather(_events.Numbers(column.Field), rows)),
        _ => ParquetColumn.Of(column.Name, Gather(_events.Numbers(column.Field), rows)),
    };

    private static T[] Gather<T>(T[] values, int[] rows) => Array.ConvertAll(rows, row => values[row]);

    private static TextColumn Gather(TextColumn texts, int[] rows)
    {
        var gathered = new TextColumn { Buffer = new byte[rows.Sum(row => (long)texts[row].Length)] };
        gathered.EnsureCapacity(rows.Length);
        var used = 0;
        for (var row = 0; row < rows.Length; row++)
        {
            var text = texts[rows[row]];
            text.CopyTo(gathered.Buffer.AsSpan(used));
            gathered.Set(row, used, texts.Length[rows[row]]);
            used += text.Length;
        }

        return gathered;
    }

    private T[][] Lists<T>(LakeColumn column, int[] rows) =>
        Array.ConvertAll(rows, row => ((System.Collections.IEnumerable)_whole[row][column.Name]).Cast<T>().ToArray());
}
