using System.Collections.Immutable;
using Streaming.Contracts.Codecs;
using Streaming.Features.Events;
using Streaming.Ingest;
using Streaming.Offline.Parquet;

namespace Streaming.Offline.Histories;

/// <summary>
/// Reads the rows of a Parquet or CSV file into a topic, in the file's order: first all of them are checked, then all are written. The next
/// row group is read while one is at work. The first million rows that are checked stay in memory until they are written; a longer file
/// is read again from there on.
/// </summary>
public sealed class TableIngest
{
    private const int ReportEvery = 65_536;

    // Some 100 bytes each.
    private const int RowsKeptMax = 1 << 20;
    private const int Spreads = 4;
    private readonly Dictionary<(TableFile File, int Group), EventBatch> _kept = [];
    private int _rowsKept;
    private readonly TopicContract _topic;
    private readonly ColumnMap _map;
    private readonly Pace? _pace;
    private readonly TimeProvider _time;
    private readonly TimeSpan _futureTolerance;
    private readonly int _recordBytesMax;
    private readonly RowCheck _check;

    /// <param name="topic">Where to.</param>
    /// <param name="map">Which column holds which field.</param>
    /// <param name="pace">How fast; null for as fast as the log takes it.</param>
    /// <param name="time">The clock.</param>
    /// <param name="futureTolerance">How far ahead of the clock events may be.</param>
    /// <param name="recordBytesMax">The largest record that the log takes.</param>
    public TableIngest(
        TopicContract topic, ColumnMap map, Pace? pace, TimeProvider time, TimeSpan futureTolerance, int recordBytesMax = int.MaxValue)
    {
        (_topic, _map, _pace, _time, _futureTolerance) = (topic, map, pace, time, futureTolerance);
        _recordBytesMax = recordBytesMax;
        _check = new RowCheck(topic);
    }

    /// <summary>Checks every row of a file; writes nothing.</summary>
    /// <param name="file">The open file.</param>
    /// <param name="late">Counts the rows that come long after newer events.</param>
    /// <param name="report">Told how many rows are checked after each step.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <exception cref="TableFormatException">A column is missing or has another type.</exception>
    /// <exception cref="IngestException">A row has no value where the event needs one, or one that the event cannot take.</exception>
    public Task CheckAsync(TableFile file, LateRows late, Action<long> report, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(file);
        ArgumentNullException.ThrowIfNull(late);
        ArgumentNullException.ThrowIfNull(report);
        var given = Given(file);
        return ForEachGroupAsync(
            file,
            given,
            (events, group) =>
            {
                var rowsBefore = file.RowsBefore(group);
                Check(file, events, given, rowsBefore);
                Keep(file, group, events);
                late.Add(events.Times(_topic.Source.IndexOf(_topic.TimeField)).AsSpan(0, events.Count));
                report(rowsBefore + events.Count);
                return Task.CompletedTask;
            },
            cancellation);
    }

    /// <summary>
    /// Looks whether the log has rows of a file already, at up to 16 places spread over it, the first and the last row among them
    /// (<see cref="TopicWriter.HasAsync"/>).
    /// </summary>
    /// <param name="file">The open file, checked.</param>
    /// <param name="writer">Knows the log.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <returns>How many rows the log has, of how many that were looked up.</returns>
    public async Task<(int Written, int LookedUp)> CountWrittenAsync(TableFile file, TopicWriter writer, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(file);
        ArgumentNullException.ThrowIfNull(writer);
        var (given, written, lookedUp) = (Given(file), 0, 0);
        foreach (var group in Spread(file.RowGroupCount))
        {
            var events = _kept.GetValueOrDefault((file, group)) ?? await Task.Run(() => Read(file, group, given), cancellation);
            foreach (var row in Spread(events.Count))
            {
                written += await writer.HasAsync(events, given, row, cancellation) ? 1 : 0;
                lookedUp++;
            }
        }

        return (written, lookedUp);
    }

    // Up to four of so many, the first and the last among them.
    private static IEnumerable<int> Spread(int count) =>
        Enumerable.Range(0, Math.Min(count, Spreads)).Select(i => (int)((long)i * (count - 1) / Math.Max(1, Math.Min(count, Spreads) - 1)));

    /// <summary>Appends a file that is checked.</summary>
    /// <param name="file">The open file.</param>
    /// <param name="skip">How many of its first rows are passed over.</param>
    /// <param name="writer">Where to; what it says to be appended is durable when this ends, however it ends.</param>
    /// <param name="report">Told how many rows are on their way after each step.</param>
    /// <param name="cancellation">Ends it after what is on its way.</param>
    public async Task WriteAsync(TableFile file, long skip, TopicWriter writer, Action<long> report, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(file);
        ArgumentNullException.ThrowIfNull(writer);
        ArgumentNullException.ThrowIfNull(report);
        var given = Given(file);
        try
        {
            await ForEachGroupAsync(
                file,
                given,
                (events, group) =>
                {
                    var rowsBefore = file.RowsBefore(group);
                    return AppendAsync(events, given, skip - rowsBefore, writer, row => report(rowsBefore + row), cancellation);
                },
                cancellation);
        }
        catch (RowFaultException changed)
        {
            throw new IngestException(
                IngestFailure.Input,
                $"{file.Path}: the file changed while it was read: {changed.Message}; the rows before it are in the log",
                changed);
        }
        finally
        {
            // The caller disposes the log: nothing may be at work on it.
            await writer.FlushAsync().ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        await writer.FlushAsync();
    }

    private async Task ForEachGroupAsync(
        TableFile file, ImmutableArray<bool> given, Func<EventBatch, int, Task> work, CancellationToken cancellation)
    {
        Task<EventBatch>? next = null;
        try
        {
            for (var group = 0; group < file.RowGroupCount; group++)
            {
                var events = await (next ?? ReadAsync(file, group, given, cancellation));
                next = group + 1 < file.RowGroupCount ? ReadAsync(file, group + 1, given, cancellation) : null;
                await work(events, group);
            }
        }
        finally
        {
            // The caller disposes the file.
            await ((Task?)next ?? Task.CompletedTask).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private void Keep(TableFile file, int group, EventBatch events)
    {
        if (_rowsKept + events.Count <= RowsKeptMax)
        {
            _kept.Add((file, group), events);
            _rowsKept += events.Count;
        }
    }

    /// <summary>Fields that the file has; one that is needed and missing is an error that names the nearest column.</summary>
    private ImmutableArray<bool> Given(TableFile file) =>
        [
            .. _topic.Source.Fields.Select(
                field => file.Gives(field.Name, _map, optional: _topic.Schema[field.Name].DefaultValue is not null)),
        ];

    private Task<EventBatch> ReadAsync(TableFile file, int group, ImmutableArray<bool> given, CancellationToken cancellation)
    {
        if (_kept.Remove((file, group), out var kept))
        {
            _rowsKept -= kept.Count;
            return Task.FromResult(kept);
        }

        return Task.Run(() => Read(file, group, given), cancellation);
    }

    private EventBatch Read(TableFile file, int group, ImmutableArray<bool> given)
    {
        var events = _topic.NewBatch(0);
        using var rows = file.OpenRowGroup(group);
        for (var field = 0; field < given.Length; field++)
        {
            if (given[field])
            {
                var source = _topic.Source.Fields[field];
                rows.Read(file.ColumnOf(source.Name, _map), source.Type, events[field]!);
            }
        }

        events.Count = rows.Rows;
        return events;
    }

    private void Check(TableFile file, EventBatch events, ImmutableArray<bool> given, long rowsBefore)
    {
        var logTimes = events.Times(_topic.Source.IndexOf(_topic.TimeField)).AsSpan(0, events.Count);
        (int Row, string Text)? first = _check.First(events, given) is { } fault
            ? (fault.Row, Refusal(fault.Field, fault.Row, events))
            : null;
        for (var field = 0; field < given.Length; field++)
        {
            if (given[field] && events[field] is TimeColumn times)
            {
                var until = _time.GetUtcNow() + _futureTolerance;
                var bad = EventTimes.FirstImplausible(times.Values.AsSpan(0, events.Count), logTimes, until, _futureTolerance);
                first = bad >= 0 && (first is null || bad <= first.Value.Row)
                    ? (bad, FaultOf(_topic.Source.Fields[field], times.Values[bad]))
                    : first;
            }
        }

        if (first is null && _check.FirstTooLarge(events, given, _recordBytesMax) is { } large)
        {
            first = (large.Row, large.Fault);
        }

        if (first is { } refused)
        {
            throw new IngestException(
                IngestFailure.Input,
                $"{file.Path}: row {rowsBefore + refused.Row + 1}: {refused.Text}. Nothing is written; fix the file and ingest it again");
        }
    }

    private string FaultOf(SourceField field, long time) =>
        $"column '{_map.ColumnOf(field.Name)}' is {EventTimes.Fault(time, _futureTolerance)}";

    private string Refusal(string field, int row, EventBatch events)
    {
        var (index, schema) = (_topic.Source.IndexOf(field), _topic.Schema[field]);
        return _map.Refusal(_topic.Source.Fields[index], ColumnEncoder.IsId(schema), UnknownSymbol(schema.Schema, events[index]!, row));
    }

    // A field of symbols takes no other text; which it was is what its writer wants to know.
    private static string? UnknownSymbol(Avro.Schema schema, EventColumn column, int row)
    {
        var symbols = schema as Avro.EnumSchema ?? (schema as Avro.UnionSchema)?.Schemas.OfType<Avro.EnumSchema>().FirstOrDefault();
        return symbols is not null && column is TextColumn texts && !texts.IsNull(row)
            ? $"'{System.Text.Encoding.UTF8.GetString(texts[row])}' is none of {string.Join(", ", symbols.Symbols)}"
            : null;
    }

    private async Task AppendAsync(
        EventBatch events, ImmutableArray<bool> given, long skip, TopicWriter writer, Action<long> report, CancellationToken cancellation)
    {
        var times = events.Times(_topic.Source.IndexOf(_topic.TimeField)).AsMemory(0, events.Count);
        for (var row = (int)Math.Clamp(skip, 0, events.Count); row < events.Count;)
        {
            var until = _pace is null ? Math.Min(events.Count, row + ReportEvery) : await _pace.DueAsync(times, row, cancellation);
            await writer.AppendAsync(events, given, row, until, cancellation);
            row = until;
            report(row);
        }
    }
}
