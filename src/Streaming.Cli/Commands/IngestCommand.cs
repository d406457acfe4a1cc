using System.CommandLine;
using System.Globalization;
using Streaming.Cli.Settings;
using Streaming.Cli.Shell;
using Streaming.Hocon;
using Streaming.Ingest;
using Streaming.Offline.Histories;
using Streaming.Offline.Parquet;

namespace Streaming.Cli.Commands;

/// <summary><c>streaming ingest</c>.</summary>
internal sealed class IngestCommand
{
    private readonly Argument<string[]> _files = new("FILE")
    {
        Arity = ArgumentArity.OneOrMore,
        Description = "Parquet, .csv or .tsv files, written in this order.",
    };
    private readonly Option<string?> _topic = CliOptions.Text(
        "--topic", "TOPIC", "The topic to write to: transactions, clicks or labels.", TopicContract.Transactions.Name);
    private readonly Option<string?> _speed = CliOptions.Text(
        "--speed", "SPEED", "full: as fast as the log takes them; 1x, 100x ...: that multiple of the events' own pace.", "full");
    private readonly Option<int> _skip = CliOptions.Integer(
        "--skip",
        "N",
        "Rows to skip, counted through all files: those that an interrupted ingest has written.",
        0,
        0,
        int.MaxValue);
    private readonly Option<bool> _json = CliOptions.Json();
    private readonly MapOption _map;
    private readonly ConfigOption _config;
    private readonly Terminal _terminal;

    private IngestCommand(Terminal terminal, Command command)
    {
        _terminal = terminal;
        command.Add(_files);
        command.Add(_topic);
        _map = new MapOption(command);
        command.Add(_speed);
        command.Add(_skip);
        command.Add(_json);
        _config = new ConfigOption(terminal, command);
    }

    /// <summary>Makes the command.</summary>
    public static Command Create(Terminal terminal)
    {
        var command = new CliCommand("ingest", "Write the rows of Parquet or CSV files into a topic as events.")
        {
            Notes =
            [
                "Each field of the event is read from the column of the same name unless --map names another one. A field that has a " +
                "default may be left out. The record's timestamp is the event's time. Its key is the entity: card_id for transactions, " +
                "user_id for clicks, terminal_id for labels. All rows of all files are checked before the first is written: a file " +
                "that is refused leaves nothing in the log. Running the command twice writes the events twice.",
            ],
            Examples =
            [
                "streaming ingest transactions.parquet --map card_id=customer_id,event_id=transaction_id",
                "streaming ingest day1.csv day2.csv --topic clicks --speed 100x",
            ],
        };
        var ingest = new IngestCommand(terminal, command);
        command.SetAction(ingest.RunAsync);
        return command;
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellation)
    {
        var topic = TopicOf(parsed.GetValue(_topic)!);
        var (map, pace) = (_map.Read(parsed), PaceOf(parsed.GetValue(_speed)!));
        map.Check(topic.Source);
        var files = parsed.GetValue(_files)!.Select(TableFile.Open).ToList();
        try
        {
            var settings = _config.Load(parsed);
            await using var connection = settings.Connect(_terminal.Note);
            using var lease = FileLease.TryTake(connection.IngestLeaseFile, out _);
            var notes = new IngestNotes(_terminal, topic);
            notes.NoteOther(lease);
            var writer = await TopicWriter.OpenAsync(connection, topic, cancellation);
            await connection.AdviseAsync([topic.EventsOf], _terminal.Note, cancellation);
            var ingest = new TableIngest(topic, map, pace, _terminal.Time, settings.Engine.FutureTolerance, connection.Log.RecordBytesMax);
            var run = new IngestFiles(ingest, files);
            var total = files.Sum(file => file.RowCount);
            var late = new LateRows(await connection.NewestMillisAsync(topic.Name, cancellation));
            await ProgressLine.ShowAsync(
                _terminal, $"check {topic.Name}", "rows", total, progress => run.CheckAsync(late, progress, cancellation));
            notes.NoteLate(late);
            var skip = parsed.GetValue(_skip);
            var repeated = skip == 0 ? await run.FirstWrittenAsync(writer, cancellation) : null;
            notes.NoteRepeated(repeated);
            var seconds = await ProgressLine.ShowAsync(
                _terminal, $"ingest {topic.Name}", "events", total, progress =>
                    run.WriteAsync(skip, writer, progress, cancellation));
            notes.Report(parsed.GetValue(_json), writer.Appended, seconds, repeated is not null);
            return (int)ExitCode.Ok;
        }
        finally
        {
            files.ForEach(file => file.Dispose());
        }
    }

    private static TopicContract TopicOf(string name) =>
        TopicContract.All.FirstOrDefault(topic => topic.Name == name)
        ?? throw new CliFailure(ExitCode.Usage, UnknownTopic(name, [.. TopicContract.All.Select(topic => topic.Name)]));

    private static string UnknownTopic(string name, string[] names) =>
        $"--topic is '{name}', expected one of {string.Join(", ", names)}{NearestName.Phrase(name, names, lead: null, '\'')}";

    private Pace? PaceOf(string text)
    {
        if (text == "full")
        {
            return null;
        }

        return text.EndsWith('x')
            && double.TryParse(text[..^1], NumberStyles.Float, CultureInfo.InvariantCulture, out var speed)
            && speed is > 0 and <= 1e9
            ? new Pace(speed, _terminal.Time)
            : throw new CliFailure(ExitCode.Usage, $"--speed is '{text}', expected full, or a multiple of real time such as 1x or 100x");
    }
}
