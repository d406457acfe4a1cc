using System.Collections.Immutable;
using Streaming.Features.Events;
using Streaming.Offline.Parquet;

namespace Streaming.Offline.Backfill;

/// <summary>
/// Reads the spine from files, chunk by chunk in order of event time: a row group at a time where the files are sorted, everything
/// at once and sorted here where they are not.
/// </summary>
internal sealed class SpineReader : IDisposable
{
    private readonly EventSource _source;
    private readonly ColumnMap _map;
    private readonly bool[] _wanted;
    private readonly int[] _keyFields;
    private readonly int _timeField;
    private readonly ImmutableArray<TableFile> _files;

    /// <param name="source">What the rows are.</param>
    /// <param name="files">Where they are.</param>
    /// <param name="map">Which column holds which field.</param>
    /// <param name="wanted">Per field whether its values are needed, keys apart.</param>
    /// <param name="keyFields">The fields that name entities.</param>
    /// <param name="timeField">The field of the event time.</param>
    public SpineReader(EventSource source, IEnumerable<string> files, ColumnMap map, bool[] wanted, int[] keyFields, int timeField)
    {
        _source = source;
        _map = map;
        _wanted = wanted;
        _keyFields = keyFields;
        _timeField = timeField;
        _files = [.. files.Select(TableFile.Open)];
        RowCount = _files.Sum(f => f.RowCount);
        foreach (var (file, field) in _files.SelectMany(file => map.Fields.Select(field => (file, field))))
        {
            file.ColumnOf(field, map);
        }
    }

    /// <summary>Rows in all files.</summary>
    public long RowCount { get; }

    /// <summary>The column that holds the event id, in the first file.</summary>
    public string IdColumn => _map.ColumnOf(_source.Fields[0].Name);

    /// <summary>Whether every event id is a whole number.</summary>
    public bool HasIntegerIds => _files.All(f => f.IsInteger(f.ColumnOf(_source.Fields[0].Name, _map)));

    /// <summary>All chunks in order of time.</summary>
    public IEnumerable<(SpineChunk Chunk, EventIds Ids)> Chunks()
    {
        if (!IsSorted())
        {
            yield return ReadAllSorted();
            yield break;
        }

        foreach (var file in _files)
        {
            for (var group = 0; group < file.RowGroupCount; group++)
            {
                yield return Read([(file, group)], []);
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var file in _files)
        {
            file.Dispose();
        }
    }

    private bool IsSorted()
    {
        var last = long.MinValue;
        foreach (var (file, group) in Groups())
        {
            var times = new long[file.RowsOf(group)];
            using var rows = file.OpenRowGroup(group);
            rows.ReadTimes(file.ColumnOf(_source.Fields[_timeField].Name, _map), times);
            foreach (var time in times)
            {
                if (time < last)
                {
                    return false;
                }

                last = time;
            }
        }

        return true;
    }

    private IEnumerable<(TableFile File, int Group)> Groups() => _files.SelectMany(file => Enumerable.Range(0, file.RowGroupCount).Select(group => (file, group)));

    private (SpineChunk Chunk, EventIds Ids) ReadAllSorted()
    {
        var (chunk, ids) = Read([.. Groups()], []);
        var order = new int[chunk.Count];
        for (var i = 0; i < order.Length; i++)
        {
            order[i] = i;
        }

        // Rows of equal time keep the order of the files.
        Array.Sort(order, (a, b) => chunk.Times[a] != chunk.Times[b] ? chunk.Times[a].CompareTo(chunk.Times[b]) : a.CompareTo(b));
        return (chunk with { Order = order }, ids);
    }

    private (SpineChunk Chunk, EventIds Ids) Read(IReadOnlyList<(TableFile File, int Group)> groups, int[] order)
    {
        var rows = groups.Sum(g => g.File.RowsOf(g.Group));
        var batch = new EventBatch(_source, _wanted, rows) { Count = rows };
        var keys = new KeyColumn?[_source.Fields.Length];
        foreach (var field in _keyFields)
        {
            keys[field] = ReadKeys(field, groups, rows);
        }

        for (var field = 0; field < _wanted.Length; field++)
        {
            if (_wanted[field])
            {
                ReadField(field, groups, batch[field]!);
            }
        }

        return (new SpineChunk(batch, keys, batch.Times(_timeField), rows, order), ReadIds(groups, rows));
    }

    private EventIds ReadIds(IReadOnlyList<(TableFile File, int Group)> groups, int rows)
    {
        var column = ReadKeys(0, groups, rows);
        return new EventIds(column.Integers, column.Texts);
    }

    private KeyColumn ReadKeys(int field, IReadOnlyList<(TableFile File, int Group)> groups, int rows)
    {
        if (_files.All(f => f.IsInteger(f.ColumnOf(_source.Fields[field].Name, _map))))
        {
            var integers = new long[rows];
            var at = 0;
            foreach (var (file, group) in groups)
            {
                using var open = file.OpenRowGroup(group);
                open.ReadIntegers(file.ColumnOf(_source.Fields[field].Name, _map), integers.AsSpan(at, open.Rows));
                at += open.Rows;
            }

            return new KeyColumn { Integers = integers };
        }

        var texts = new TextColumn();
        ReadField(field, groups, texts);
        return new KeyColumn { Texts = texts };
    }

    private void ReadField(int field, IReadOnlyList<(TableFile File, int Group)> groups, EventColumn into)
    {
        var at = 0;
        foreach (var (file, group) in groups)
        {
            var part = groups.Count == 1 ? into : EventColumn.Create(_source.Fields[field].Type);
            ReadPart(field, file, group, part);
            if (!ReferenceEquals(part, into))
            {
                into.CopyFrom(part, at, file.RowsOf(group));
            }

            at += file.RowsOf(group);
        }
    }

    private void ReadPart(int field, TableFile file, int group, EventColumn into)
    {
        var (name, nullable) = (_source.Fields[field].Name, _source.Fields[field].Nullable);
        if (!file.Gives(name, _map, optional: nullable))
        {
            into.EnsureCapacity(file.RowsOf(group));
            for (var row = 0; row < file.RowsOf(group); row++)
            {
                into.SetNull(row);
            }

            return;
        }

        using var open = file.OpenRowGroup(group);
        open.Read(file.ColumnOf(name, _map), into);
        if (!nullable && FirstWithout(into, open.Rows) is var empty and >= 0)
        {
            throw new TableFormatException(
                $"{file.Path}: row {file.RowsBefore(group) + empty + 1}: column '{_map.ColumnOf(name)}' holds no value that the event's field '{name}' takes; " +
                $"mend the row, or map another column (--map {name}=COLUMN)");
        }
    }

    // What ingest refuses: a node never sees such an event.
    private static int FirstWithout(EventColumn column, int rows) => column switch
    {
        NumberColumn numbers => Array.FindIndex(numbers.Values, 0, rows, value => !double.IsFinite(value)),
        TimeColumn times => Array.FindIndex(times.Values, 0, rows, value => value == TimeColumn.Null),
        _ => Array.FindIndex(((TextColumn)column).Length, 0, rows, length => length < 0),
    };
}

/// <summary>The event ids of a chunk: whole numbers or texts.</summary>
internal sealed record EventIds(long[]? Integers, TextColumn? Texts);
