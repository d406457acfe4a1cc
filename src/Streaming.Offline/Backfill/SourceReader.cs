using System.Collections.Immutable;
using Streaming.Contracts.Schemas;
using Streaming.Features.Events;
using Streaming.Ingest;
using Streaming.Offline.Parquet;

namespace Streaming.Offline.Backfill;

/// <summary>
/// Reads the events of a source from files, chunk by chunk in the order in which a join comes to them: a row group at a time where the
/// files are sorted so, everything at once and sorted here where they are not.
/// </summary>
internal sealed class SourceReader : IDisposable
{
    private readonly EventSource _source;
    private readonly ColumnMap _map;
    private readonly SourceFields _fields;
    private readonly ImmutableArray<TableFile> _files;
    private readonly ContractRules? _rules;

    /// <param name="source">What the rows are.</param>
    /// <param name="files">Where they are.</param>
    /// <param name="map">Which column holds which field.</param>
    /// <param name="fields">What is read of them.</param>
    public SourceReader(EventSource source, IEnumerable<string> files, ColumnMap map, SourceFields fields)
    {
        (_source, _map, _fields) = (source, map, fields);
        // A source that only a training knows is no topic.
        _rules = EventSchemas.Sources.ContainsKey(source.Name) ? ContractRules.Of(source.Name) : null;
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
    public string IdColumn => _map.ColumnOf(_source.Fields[_fields.Id].Name);

    /// <summary>Whether the event ids are whole numbers: by the columns' types, whatever rows there are.</summary>
    public bool HasIntegerIds => !_source.Fields[_fields.Id].Nullable && AreIntegers(_fields.Id);

    /// <summary>All chunks in order.</summary>
    public IEnumerable<(EventChunk Chunk, EventIds Ids)> ChunksWithIds()
    {
        foreach (var (groups, sorted) in Parts())
        {
            yield return (Read(groups, sorted), ReadIds(groups));
        }
    }

    /// <summary>All chunks in order, if the ids are not needed.</summary>
    public IEnumerable<EventChunk> Chunks()
    {
        foreach (var (groups, sorted) in Parts())
        {
            yield return Read(groups, sorted);
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

    private IEnumerable<(IReadOnlyList<(TableFile File, int Group)> Groups, bool IsSorted)> Parts()
    {
        if (!_fields.AreSorted && !IsSorted())
        {
            return [([.. Groups()], false)];
        }

        return Groups().Select(group => ((IReadOnlyList<(TableFile, int)>)[group], true));
    }

    private bool IsSorted()
    {
        var last = long.MinValue;
        foreach (var (file, group) in Groups())
        {
            foreach (var time in Times(file, group))
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

    private long[] Times(TableFile file, int group)
    {
        using var rows = file.OpenRowGroup(group);
        var times = ReadTimes(file, rows, _fields.Time);
        return _fields.LogTime is { } field ? Later(times, ReadTimes(file, rows, field), rows.Rows) : times;
    }

    private long[] ReadTimes(TableFile file, TableRowGroup rows, int field)
    {
        var times = new long[rows.Rows];
        rows.ReadTimes(file.ColumnOf(_source.Fields[field].Name, _map), times);
        return times;
    }

    // An event that is said to be in the log before it happened is not taken into account before that.
    private static long[] Later(long[] times, long[] logTimes, int rows)
    {
        var later = new long[rows];
        for (var row = 0; row < rows; row++)
        {
            later[row] = Math.Max(times[row], logTimes[row]);
        }

        return later;
    }

    private IEnumerable<(TableFile File, int Group)> Groups() =>
        _files.SelectMany(file => Enumerable.Range(0, file.RowGroupCount).Select(group => (file, group)));

    private EventChunk Read(IReadOnlyList<(TableFile File, int Group)> groups, bool isSorted)
    {
        var rows = groups.Sum(g => g.File.RowsOf(g.Group));
        var batch = new EventBatch(_source, _fields.Wanted, rows) { Count = rows };
        var keys = new KeyColumn?[_source.Fields.Length];
        foreach (var field in _fields.Keys)
        {
            keys[field] = ReadKeys(field, groups, rows);
        }

        for (var field = 0; field < _fields.Wanted.Length; field++)
        {
            if (_fields.Wanted[field])
            {
                ReadField(field, groups, batch[field]!);
            }
        }

        NumberRows(groups, batch);
        var times = batch.Times(_fields.Time);
        times = _fields.LogTime is { } logTime ? Later(times, batch.Times(logTime), rows) : times;
        return new EventChunk(batch, keys, times, rows, isSorted ? [] : OrderOf(times, rows));
    }

    // As offsets of a log into which the files are ingested: of one event time, first and last are what they are there.
    private void NumberRows(IReadOnlyList<(TableFile File, int Group)> groups, EventBatch batch)
    {
        var offsets = batch.Offsets;
        if (_fields.Place is { } place)
        {
            var places = batch.Numbers(place);
            var partitions = batch.Partitions = new int[batch.Count];
            for (var i = 0; i < batch.Count; i++)
            {
                offsets[i] = (long)places[i];
                partitions[i] = (int)(offsets[i] >> SourceFields.OffsetBits);
            }

            return;
        }

        var row = 0;
        foreach (var (file, group) in groups)
        {
            var first = _files.TakeWhile(other => other != file).Sum(other => other.RowCount) + file.RowsBefore(group);
            for (var i = 0; i < file.RowsOf(group); i++)
            {
                offsets[row++] = first + i;
            }
        }
    }

    private static int[] OrderOf(long[] times, int rows)
    {
        var order = new int[rows];
        for (var i = 0; i < order.Length; i++)
        {
            order[i] = i;
        }

        // Rows of equal time keep the order of the files.
        Array.Sort(order, (a, b) => times[a] != times[b] ? times[a].CompareTo(times[b]) : a.CompareTo(b));
        return order;
    }

    private EventIds ReadIds(IReadOnlyList<(TableFile File, int Group)> groups)
    {
        var column = ReadKeys(_fields.Id, groups, groups.Sum(g => g.File.RowsOf(g.Group)));
        return new EventIds(column.Integers, column.Texts);
    }

    private KeyColumn ReadKeys(int field, IReadOnlyList<(TableFile File, int Group)> groups, int rows)
    {
        if (AreIntegers(field) && TryReadIntegers(field, groups, rows) is { } integers)
        {
            return new KeyColumn { Integers = integers };
        }

        var texts = new TextColumn();
        ReadField(field, groups, texts);
        return new KeyColumn { Texts = texts };
    }

    private bool AreIntegers(int field)
    {
        var (name, nullable) = (_source.Fields[field].Name, _source.Fields[field].Nullable);
        return _files.All(file => file.Gives(name, _map, optional: nullable) && file.IsInteger(file.ColumnOf(name, _map)));
    }

    // Null where a row has no value: as text it can say so.
    private long[]? TryReadIntegers(int field, IReadOnlyList<(TableFile File, int Group)> groups, int rows)
    {
        var integers = new long[rows];
        var at = 0;
        foreach (var (file, group) in groups)
        {
            using var open = file.OpenRowGroup(group);
            if (!open.TryReadIntegers(file.ColumnOf(_source.Fields[field].Name, _map), integers.AsSpan(at, open.Rows)))
            {
                return null;
            }

            at += open.Rows;
        }

        return integers;
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
        if (!file.Gives(name, _map, optional: nullable || _fields.Ids.Contains(field)))
        {
            into.EnsureCapacity(file.RowsOf(group));
            for (var row = 0; row < file.RowsOf(group); row++)
            {
                into.SetNull(row);
            }

            return;
        }

        using var open = file.OpenRowGroup(group);
        open.Read(file.ColumnOf(name, _map), _source.Fields[field].Type, into);
        if (RefusedValues.First(into, _source.Fields[field], IsId(field), open.Rows) is var refused and >= 0)
        {
            throw new TableFormatException(
                $"{file.Path}: row {file.RowsBefore(group) + refused + 1}: {_map.Refusal(_source.Fields[field], IsId(field))}");
        }
    }

    private bool IsId(int field) => _fields.Keys.Contains(field) || _rules?.Ids.Contains(field) == true;
}
