using System.Collections.Immutable;
using Streaming.Contracts.Codecs;
using Streaming.Features.Events;
using Streaming.Ingest;
using Streaming.Offline.Parquet;

namespace Streaming.Offline.Histories;

/// <summary>
/// Reads the rows of a Parquet or CSV file into a topic, in the file's order. The next row group is read while one is encoded and
/// the one before it is written to the log.
/// </summary>
public sealed class TableIngest
{
    private readonly TopicContract _topic;
    private readonly ColumnMap _map;
    private readonly Pace? _pace;
    private readonly TimeProvider _time;
    private readonly TimeSpan _futureTolerance;
    private readonly LateRows _late;

    /// <param name="topic">Where to.</param>
    /// <param name="map">Which column holds which field.</param>
    /// <param name="pace">How fast; null for as fast as the log takes it.</param>
    /// <param name="time">The clock.</param>
    /// <param name="futureTolerance">How far ahead of the clock events may be.</param>
    /// <param name="late">Told of every row that is written.</param>
    public TableIngest(TopicContract topic, ColumnMap map, Pace? pace, TimeProvider time, TimeSpan futureTolerance, LateRows late)
    {
        (_topic, _map, _pace, _time, _futureTolerance, _late) = (topic, map, pace, time, futureTolerance, late);
    }

    /// <summary>Appends a whole file.</summary>
    /// <param name="file">The open file.</param>
    /// <param name="feed">Where to.</param>
    /// <param name="report">Told how many rows are on their way after each step.</param>
    /// <param name="cancellation">Ends it after what is on its way.</param>
    /// <returns>Rows read.</returns>
    /// <exception cref="TableFormatException">A column is missing or has another type.</exception>
    /// <exception cref="IngestException">A row has no value where the event needs one, or a time that cannot be.</exception>
    public async Task<long> RunAsync(TableFile file, TopicWriter feed, Action<long> report, CancellationToken cancellation)
    {
        var given = Given(file);
        var (current, spare) = (_topic.NewBatch(0), _topic.NewBatch(0));
        var rows = 0L;
        var next = ReadAsync(file, 0, current, given, cancellation);
        try
        {
            for (var group = 0; group < file.RowGroupCount; group++)
            {
                await next;
                next = group + 1 < file.RowGroupCount ? ReadAsync(file, group + 1, spare, given, cancellation) : Task.CompletedTask;
                await AppendAsync(file, current, given, feed, rows, report, cancellation);
                rows += current.Count;
                (current, spare) = (spare, current);
            }
        }
        finally
        {
            // The caller disposes the file and the log: nothing may be at work on them.
            await next.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await feed.FlushAsync().ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        await feed.FlushAsync();
        report(rows);
        return rows;
    }

    /// <summary>Fields that the file has; one that is needed and missing is an error that names the nearest column.</summary>
    private ImmutableArray<bool> Given(TableFile file)
    {
        var given = ImmutableArray.CreateBuilder<bool>(_topic.Source.Fields.Length);
        foreach (var field in _topic.Source.Fields)
        {
            given.Add(file.Gives(field.Name, _map, optional: _topic.Schema[field.Name].DefaultValue is not null));
        }

        return given.MoveToImmutable();
    }

    private Task ReadAsync(TableFile file, int group, EventBatch into, ImmutableArray<bool> given, CancellationToken cancellation) => Task.Run(
        () =>
        {
            using var rows = file.OpenRowGroup(group);
            for (var field = 0; field < given.Length; field++)
            {
                if (given[field])
                {
                    rows.Read(file.ColumnOf(_topic.Source.Fields[field].Name, _map), into[field]!);
                }
            }

            into.Count = rows.Rows;
        },
        cancellation);

    private async Task AppendAsync(
        TableFile file, EventBatch events, ImmutableArray<bool> given, TopicWriter feed, long rowsBefore, Action<long> report, CancellationToken cancellation)
    {
        var times = events.Times(_topic.Source.IndexOf(_topic.TimeField));
        var bad = EventTimes.FirstImplausible(times.AsSpan(0, events.Count), _time.GetUtcNow() + _futureTolerance);
        var count = bad >= 0 ? bad : events.Count;
        try
        {
            for (var row = 0; row < count;)
            {
                var until = _pace is null ? Math.Min(count, row + ReportEvery) : await _pace.DueAsync(times.AsMemory(0, count), row, cancellation);
                await feed.AppendAsync(events, given, row, until, cancellation);
                _late.Add(times.AsSpan(row, until - row));
                row = until;
                report(rowsBefore + row);
            }
        }
        catch (RowFaultException fault)
        {
            throw new IngestException(
                IngestFailure.Input,
                $"{file.Path}: row {rowsBefore + fault.Row + 1}: {_map.Refusal(_topic.Source.Fields[_topic.Source.IndexOf(fault.Field)], ColumnEncoder.IsKey(_topic.Schema[fault.Field]))}. The rows before it are in the log",
                fault);
        }

        if (bad >= 0)
        {
            throw new IngestException(
                IngestFailure.Input,
                $"{file.Path}: row {rowsBefore + bad + 1}: column '{_map.ColumnOf(_topic.TimeField)}' is {EventTimes.Fault(times[bad], _futureTolerance)}. The rows before it are in the log");
        }
    }

    private const int ReportEvery = 65_536;
}
