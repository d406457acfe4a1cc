using System.Collections.Immutable;
using System.Globalization;
using DuckDB.NET.Data;
using Streaming.Contracts.Schemas;
using Streaming.Features.Events;
using Streaming.Features.Plans;
using Streaming.Hocon;
using Streaming.Offline.Backfill;
using Streaming.Offline.Parquet;

namespace Streaming.Offline.Datasets;

/// <summary>
/// The rows that features are wanted for: the user's columns, and beside them what the join reads of each, in order of time.
/// </summary>
internal sealed class SpineTable
{
    private const string Prefix = "__streaming_";
    private const string Row = Prefix + "row";
    private const string At = Prefix + "at";
    private readonly LakeDatabase _database;
    private readonly ServicePlan _service;
    private readonly DatasetOptions _options;
    private readonly string _query;
    private readonly string _time;
    private readonly Dictionary<string, string> _types;
    private readonly SortedDictionary<string, string> _written = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _columns = new(StringComparer.Ordinal);

    /// <summary>Looks at the spine's columns.</summary>
    /// <exception cref="DatasetException">The query or the file is wrong, or a column is missing or of a wrong type.</exception>
    public SpineTable(LakeDatabase database, ServicePlan service, DatasetOptions options)
    {
        (_database, _service, _options) = (database, service, options);
        var texts = KeyNames().Concat(RequestFields().Where(field => field.Type == FieldType.Text).Select(field => field.Name));
        _query = SpineQuery.Of(options.Spine, [.. texts.Select(options.Map.ColumnOf).Distinct()]);
        Columns = Described();
        _types = Columns.ToDictionary(column => column.Name, column => column.Type, StringComparer.OrdinalIgnoreCase);
        if (Columns.FirstOrDefault(column => column.Name.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase)).Name is { } taken)
        {
            throw new DatasetException($"--spine: the column '{taken}' has a name that is used here; give it another");
        }

        if (service.FeatureNames.FirstOrDefault(_types.ContainsKey) is { } feature)
        {
            throw new DatasetException($"--spine: the column '{feature}' has the name of a feature; leave it out, or give it another");
        }

        _time = TimeColumn();
        _written.Add(At, Time(_time));
        foreach (var key in service.Entities.Select(read => KeyOf(read.Plan.Entity)).Distinct())
        {
            Read(key, Key(key));
        }

        foreach (var field in RequestFields().Where(field => !_columns.ContainsKey(field.Name)))
        {
            Read(field.Name, Value(field));
        }

        Source = SourceOf();
    }

    /// <summary>The user's columns.</summary>
    public ImmutableArray<(string Name, string Type)> Columns { get; }

    /// <summary>What the join reads of a row: a request's fields where the service has one, the keys, the time, the number.</summary>
    public EventSource Source { get; }

    /// <summary>Rows as the join takes them.</summary>
    public JoinSpine Join => new(Source, Source.IndexOf(At));

    /// <summary>The column of the file that names a row's entity of a type.</summary>
    public string KeyColumn(EntityPlan entity) => Sql.Name(_columns[KeyOf(entity)]);

    /// <summary>Writes the rows in order of time.</summary>
    /// <returns>How many there are, and their first and last time.</returns>
    /// <exception cref="DatasetException">A row has no time.</exception>
    public (long Rows, long First, long Last) Write(string path)
    {
        var written = string.Join(", ", _written.Select(column => $"{column.Value} AS {Sql.Name(column.Key)}"));
        Execute(
            $"COPY (SELECT *, {written} FROM (SELECT *, row_number() OVER () AS {Row} FROM ({_query})) ORDER BY {At}, {Row}) " +
            $"TO {Sql.Text(path)} ({Sql.PassingFile})");
        var row = _database.Row(
            $"SELECT count(*), count({At}), epoch_ms(min({At})), epoch_ms(max({At})) FROM read_parquet({Sql.Text(path)})");
        return row[0] == row[1] ? (row[0]!.Value, row[2] ?? 0, row[3] ?? 0) : throw new DatasetException(string.Create(
            CultureInfo.InvariantCulture,
            $"--spine: column '{_time}' is null in {Counted.Of(row[0]!.Value - row[1]!.Value, "row")}; a row needs a time"));
    }

    /// <summary>Opens the rows.</summary>
    public SourceReader Open(string path)
    {
        var wanted = new bool[Source.Fields.Length];
        wanted[Source.IndexOf(At)] = true;
        _service.VisitRequestFields(field => wanted[field] = true);
        var map = ColumnMap.Parse(string.Join(',', _columns.Select(column => $"{column.Key}={column.Value}")));
        var keys = _service.Entities.Select(read => Source.IndexOf(KeyOf(read.Plan.Entity))).Distinct().ToArray();
        var fields = new SourceFields(wanted, keys, Source.IndexOf(At), null) { Id = Source.IndexOf(Row), AreSorted = true };
        return new SourceReader(Source, [path], map, fields);
    }

    /// <summary>Writes the user's columns and the features side by side.</summary>
    public void WriteWith(string spine, string features, string output)
    {
        var mine = string.Join(", ", Columns.Select(column => "s." + Sql.Name(column.Name)));
        var theirs = string.Join(", ", _service.FeatureNames.Select(name => "f." + Sql.Name(name)));
        _database.Execute(
            $"COPY (SELECT {mine}, {theirs} FROM read_parquet({Sql.Text(spine)}) s POSITIONAL JOIN read_parquet({Sql.Text(features)}) f) " +
            $"TO {Sql.Text(output)} (FORMAT parquet, COMPRESSION snappy)");
    }

    // What the user's column holds as the join takes it is not written a second time.
    private void Read(string field, string sql)
    {
        var same = Columns.Select(column => column.Name).FirstOrDefault(name => Sql.Name(name) == sql);
        _columns.Add(field, same ?? Prefix + field);
        if (same is null)
        {
            _written.Add(Prefix + field, sql);
        }
    }

    private string Cast(string column, string type) =>
        _types[column] == type ? Sql.Name(column) : $"CAST({Sql.Name(column)} AS {type})";

    private void Execute(string sql)
    {
        try
        {
            _database.Execute(sql);
        }
        catch (DuckDBException error)
        {
            throw SpineQuery.Fault(error);
        }
    }

    private ImmutableArray<(string Name, string Type)> Described()
    {
        try
        {
            return _database.Describe($"SELECT * FROM ({_query})");
        }
        catch (DuckDBException error)
        {
            throw SpineQuery.Fault(error);
        }
    }

    private IEnumerable<string> KeyNames() => _service.Entities.SelectMany(read => KeyNames(read.Plan.Entity)).Distinct();

    private static IEnumerable<string> KeyNames(EntityPlan entity) =>
        entity.Feeds.Select(feed => feed.Source.Fields[feed.KeyField].Name).Distinct();

    // Of several the one that the spine has; which of them where it has more is for the join to refuse.
    private string KeyOf(EntityPlan entity) =>
        KeyNames(entity).FirstOrDefault(key => Has(_options.Map.ColumnOf(key))) ?? KeyNames(entity).First();

    private IEnumerable<SourceField> RequestFields()
    {
        var fields = new SortedSet<int>();
        _service.VisitRequestFields(field => fields.Add(field));
        return fields.Select(field => _service.Request!.Fields[field]);
    }

    private string TimeName() => _service.Request is { } request ? EventSchemas.RecordFieldsOf(request.Name).Time : "ts";

    // A request's fields keep their places, for expressions read them by these.
    private EventSource SourceOf()
    {
        var request = _service.Request?.Fields ?? [];
        var keys = KeyNames().Where(key => _columns.ContainsKey(key) && request.All(field => field.Name != key))
            .Select(key => new SourceField(key, FieldType.Text, true));
        return new EventSource(
            _service.Request?.Name ?? _service.Entities[0].Plan.Entity.Feeds[0].Source.Name,
            [
                .. request.Select(field => field with { Nullable = true }),
                .. keys,
                new SourceField(At, FieldType.Time, false),
                new SourceField(Row, FieldType.Number, false),
            ]);
    }

    private string TimeColumn()
    {
        if (_options.Time is { } asked)
        {
            return Has(asked) ? asked : throw Missing(asked, "--time");
        }

        var named = _options.Map.ColumnOf(TimeName());
        var times = Columns.Where(column => Sql.IsTime(column.Type)).Select(column => column.Name).ToArray();
        return Has(named) ? named : times.Length == 1 ? times[0] : throw new DatasetException(
            $"--spine: which column is the time of a row? There is no '{named}', and {(times.Length == 0 ? "none" : "more than one")} is " +
            $"a timestamp; name it with --time (it has {Names()})");
    }

    private string Time(string column) => _types[column] switch
    {
        var type when Sql.IsTime(type) => $"CAST({Sql.Name(column)} AS TIMESTAMPTZ)",
        var type when Sql.IsInteger(type) => $"CAST(make_timestamp_ms({Sql.Name(column)}) AS TIMESTAMPTZ)",
        var type => throw new DatasetException(
            $"--spine: column '{column}' is {type}, and a time is a timestamp, a date or milliseconds since 1970; cast it in a query"),
    };

    private string Key(string key)
    {
        var column = ColumnOf(key, $"feature service '{_service.Name}' reads an entity by {key}");
        return _types[column] switch
        {
            var type when Sql.IsInteger(type) => Cast(column, "BIGINT"),
            var type when Sql.IsText(type) || type is "UBIGINT" or "HUGEINT" => Cast(column, "VARCHAR"),
            var type => throw new DatasetException(
                $"--spine: column '{column}' is {type}, and a key is a text or a whole number; cast it in a query"),
        };
    }

    private string Value(SourceField field)
    {
        if (field.Name == TimeName())
        {
            return Time(_time);
        }

        var column = ColumnOf(field.Name, $"feature service '{_service.Name}' reads request.{field.Name}");
        var (fits, type, what) = field.Type switch
        {
            FieldType.Number => (Sql.IsNumber(_types[column]), "DOUBLE", "a number"),
            FieldType.Flag => (_types[column] == "BOOLEAN", "BOOLEAN", "true or false"),
            FieldType.Time => (Sql.IsTime(_types[column]), "TIMESTAMPTZ", "a timestamp"),
            _ => (Sql.IsText(_types[column]) || Sql.IsInteger(_types[column]), "VARCHAR", "a text"),
        };
        return fits ? Cast(column, type) : throw new DatasetException(
            $"--spine: column '{column}' is {_types[column]}, and request.{field.Name} is {what}; cast it in a query");
    }

    private string ColumnOf(string field, string why)
    {
        var column = _options.Map.ColumnOf(field);
        return Has(column) ? column : throw Missing(column, why, $" (--map {field}=COLUMN)");
    }

    private bool Has(string column) => _types.ContainsKey(column);

    private DatasetException Missing(string column, string why, string fix = "")
    {
        var nearest = NearestName.Find(column, Columns.Select(each => each.Name));
        var hint = nearest is null ? $"; it has {Names()}" : $"; did you mean '{nearest}'?";
        return new DatasetException($"--spine: {why}, and there is no column '{column}'{hint}{fix}");
    }

    private string Names() => string.Join(", ", Columns.Select(column => column.Name));
}
