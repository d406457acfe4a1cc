using System.Collections.Immutable;
using DuckDB.NET.Data;
using Streaming.Features.Events;
using Streaming.Features.Plans;
using Streaming.Hocon;
using Streaming.Offline.Backfill;
using Streaming.Offline.Lake;
using Streaming.Offline.Parquet;

namespace Streaming.Offline.Datasets;

/// <summary>
/// The events of one source and event time that any row may see, in the order in which they became known: of the spine's entities, no
/// older than the windows reach, and known by the last row.
/// </summary>
internal sealed class FeedExtract
{
    private const string KnownAt = "__streaming_known";
    private const string Place = "__streaming_place";
    private readonly LakeDatabase _database;
    private readonly ImmutableArray<EntityFeed> _feeds;
    private readonly EventSource _read;
    private readonly bool[] _wanted;
    private readonly int? _logTime;

    /// <param name="database">Where the topics are.</param>
    /// <param name="feeds">The feeds of one source and event time.</param>
    public FeedExtract(LakeDatabase database, ImmutableArray<EntityFeed> feeds)
    {
        (_database, _feeds) = (database, feeds);
        _read = Source with
        {
            Fields =
            [
                .. Source.Fields,
                new SourceField(KnownAt, FieldType.Time, false),
                new SourceField(Place, FieldType.Number, false),
            ],
        };
        _logTime = Source.LogTime is { } name && Source.IndexOf(name) is >= 0 and var field && field != TimeField ? field : null;
        _wanted = new bool[_read.Fields.Length];
        foreach (var feed in feeds)
        {
            feed.VisitInputs(input => _wanted[input] = true);
        }

        _wanted[TimeField] = _wanted[_logTime ?? TimeField] = true;
        _wanted[^1] = _wanted[^2] = true;
    }

    private EventSource Source => _feeds[0].Source;

    private int TimeField => _feeds[0].TimeField;

    /// <summary>Writes the events to a file.</summary>
    /// <param name="known">From when on they count as known.</param>
    /// <param name="spine">The rows.</param>
    /// <param name="rows">Their file.</param>
    /// <param name="times">The first row's time and the last row's.</param>
    /// <param name="path">Where the events are written.</param>
    /// <exception cref="DatasetException">The lake lacks the topic or a column.</exception>
    public void Write(KnownTime? known, SpineTable spine, string rows, (long First, long Last) times, string path)
    {
        if (!_database.Topics.Contains(Source.Name))
        {
            throw new DatasetException(
                $"the lake has no events of '{Source.Name}', which the service reads; export them: streaming lake export --topic " +
                Source.Name);
        }

        var time = Name(TimeField);
        var columns = Enumerable.Range(0, Source.Fields.Length)
            .Where(field => _wanted[field] || _feeds.Any(feed => feed.KeyField == field || feed.IdFields.Contains(field)))
            .Select(field => field == _logTime && Became(known) == KnownAt ? $"{KnownAt} AS {Name(field)}" : Name(field));
        var keys = _feeds.Select(feed =>
            $"{Name(feed.KeyField)} IN " +
            $"(SELECT DISTINCT CAST({spine.KeyColumn(feed.Entity)} AS VARCHAR) FROM read_parquet({Sql.Text(rows)}))");
        var oldest = Oldest(times.First) is { } from ? $" AND greatest({time}, {Became(known)}) > {Sql.Time(from)}" : string.Empty;
        var place = $"(CAST({LakeSchema.Partition} AS BIGINT) << {SourceFields.OffsetBits}) + {LakeSchema.Offset}";
        var query =
            $"SELECT {string.Join(", ", columns)}, {KnownAt}, {Place} FROM (SELECT *, {KnownSql(known)} AS {KnownAt}, " +
            $"{place} AS {Place} FROM {Sql.Name(Source.Name)}) " +
            $"WHERE {KnownAt} IS NOT NULL AND greatest({time}, {KnownAt}) <= {Sql.Time(times.Last)}{oldest} " +
            $"AND ({string.Join(" OR ", keys)})";
        try
        {
            _database.Execute(
                $"COPY ({query} ORDER BY greatest({time}, {KnownAt}), {Place}) TO {Sql.Text(path)} ({Sql.PassingFile})");
        }
        catch (DuckDBException error)
        {
            throw new DatasetException($"the lake's events of '{Source.Name}' cannot be read: {error.Message.Split('\n')[0]}", error);
        }
    }

    /// <summary>Opens what was written.</summary>
    public (JoinedEvents Events, SourceReader Reader) Open(string path)
    {
        var reader = new SourceReader(
            _read,
            [path],
            ColumnMap.Empty,
            new SourceFields(_wanted, [.. _feeds.Select(feed => feed.KeyField).Distinct()], TimeField, _read.IndexOf(KnownAt))
            {
                Ids = [.. _feeds.SelectMany(feed => feed.IdFields).Distinct()],
                Place = _read.IndexOf(Place),
                AreSorted = true,
            });
        return (new JoinedEvents(Source, TimeField, reader.Chunks()), reader);
    }

    private long? Oldest(long first)
    {
        var spans = _feeds.Select(feed => SourceSpan.Of(feed).Millis).ToArray();
        return spans.Contains(null) ? null : Math.Max(EventLimits.FirstMillis, first - spans.Max()!.Value);
    }

    private string Name(int field) => Sql.Name(Source.Fields[field].Name);

    // By what the versions of an event are told, beside its time: a version that says a time before all windows takes another out of them.
    private string Became(KnownTime? known) => _logTime switch
    {
        { } field when (known?.From ?? KnownTime.Log) == KnownTime.Log => Name(field),
        null => Name(TimeField),
        _ => KnownAt,
    };

    private string KnownSql(KnownTime? known)
    {
        switch (known?.From ?? KnownTime.Log)
        {
            case KnownTime.Log:
                return LakeSchema.Timestamp;
            case KnownTime.Event:
                return Name(TimeField);
            default:
                var column = known!.From;
                var columns = _database.Describe($"SELECT * FROM {Sql.Name(Source.Name)}");
                var type = columns.FirstOrDefault(each => each.Name == column).Type ?? throw new DatasetException(
                    $"--known {known.Topic}={column}: there is no such column" +
                    NearestName.Phrase(column, columns.Select(each => each.Name), "; there are ", '\''));
                return Sql.IsTime(type)
                    ? Sql.Name(column)
                    : throw new DatasetException($"--known {known.Topic}={column}: the column is {type} and no timestamp");
        }
    }
}
