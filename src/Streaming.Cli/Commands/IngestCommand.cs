using System.CommandLine;
using System.Globalization;
using Streaming.Cli.Settings;
using Streaming.Cli.Shell;
using Streaming.Hocon;
using Streaming.Ingest;
using Streaming.Log;
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
            NoteOther(lease, topic);
            var writer = await TopicWriter.OpenAsync(connection, topic, cancellation);
            await connection.AdviseAsync([topic.EventsOf], _terminal.Note, cancellation);
            var ingest = new TableIngest(topic, map, pace, _terminal.Time, settings.Engine.FutureTolerance, connection.Log.RecordBytesMax);
            var total = files.Sum(file => file.RowCount);
            var late = new LateRows(await connection.NewestMillisAsync(topic.Name, cancellation));
            await ProgressLine.ShowAsync(
                _terminal, $"check {topic.Name}", "rows", total, progress => CheckAsync(ingest, files, late, progress, cancellation));
            NoteLate(late, topic);
            var skip = parsed.GetValue(_skip);
            var repeated = skip == 0 ? await FirstWrittenAsync(ingest, files, writer, cancellation) : null;
            NoteRepeated(repeated, topic);
            var seconds = await ProgressLine.ShowAsync(
                _terminal, $"ingest {topic.Name}", "events", total, progress =>
                    WriteAsync(ingest, files, skip, writer, progress, cancellation));
            Report(parsed.GetValue(_json), topic, writer.Appended, seconds, repeated is not null);
            return (int)ExitCode.Ok;
        }
        finally
        {
            files.ForEach(file => file.Dispose());
        }
    }

    // Checks all files before the first row is written, so that a refused file leaves nothing behind.
    private static async Task<long> CheckAsync(
        TableIngest ingest, List<TableFile> files, LateRows late, ProgressLine progress, CancellationToken cancellation)
    {
        var rows = 0L;
        foreach (var file in files)
        {
            await ingest.CheckAsync(file, late, done => progress.Report(rows + done), cancellation);
            rows += file.RowCount;
        }

        return rows;
    }

    private static async Task<double> WriteAsync(
        TableIngest ingest, List<TableFile> files, long skip, TopicWriter writer, ProgressLine progress, CancellationToken cancellation)
    {
        var rows = 0L;
        try
        {
            foreach (var file in files)
            {
                await ingest.WriteAsync(file, skip - rows, writer, done => progress.Report(rows + done), cancellation);
                rows += file.RowCount;
            }
        }
        catch (OperationCanceledException error) when (cancellation.IsCancellationRequested)
        {
            throw new CliFailure(ExitCode.Interrupted, Stopped("interrupted", skip, writer.Appended, files), error);
        }
        catch (Exception error) when (writer.Appended > 0 && error is (EventLogException or IngestException))
        {
            throw new CliFailure(CommandLine.CodeOf(error), [error.Message, Stopped("stopped", skip, writer.Appended, files)], error);
        }

        return progress.Elapsed.TotalSeconds;
    }

    private static string Stopped(string how, long skipped, long written, List<TableFile> files) => string.Create(
        CultureInfo.InvariantCulture,
        $"{how}: {Counted.Of(written, "event")} {Counted.Are(written)} written, up to row {skipped + written:N0} of {files.Sum(file => file.RowCount):N0}; to write the "
        + $"rest, run the same command with --skip {skipped + written}");

    private void NoteOther(FileLease? lease, TopicContract topic)
    {
        if (lease is null)
        {
            _terminal.Note(
                $"another ingest writes into this log. If both have {topic.Name} of the same time span, the events of the slower one " +
                "come late, and a node may leave them out; to be safe, run one after the other");
        }
    }

    private static async Task<TableFile?> FirstWrittenAsync(
        TableIngest ingest, List<TableFile> files, TopicWriter writer, CancellationToken cancellation)
    {
        foreach (var file in files)
        {
            if (await ingest.IsWrittenAsync(file, writer, cancellation))
            {
                return file;
            }
        }

        return null;
    }

    private void NoteRepeated(TableFile? file, TopicContract topic)
    {
        if (file is not null)
        {
            _terminal.Note(
                $"{file.Path}: its first event is in {topic.Name} already. Events that are written twice count twice. Ctrl-C stops " +
                "this; an ingest that was interrupted goes on with --skip");
        }
    }

    private void Report(bool json, TopicContract topic, long rows, double seconds, bool isRepeated)
    {
        if (json)
        {
            Shell.Report.Json(_terminal, new { Topic = topic.Name, Events = rows, Seconds = Math.Round(seconds, 3) });
            return;
        }

        var rate = rows / Math.Max(seconds, 0.001);
        _terminal.Out.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture, $"{Counted.Of(rows, "event")} written to {topic.Name} in {seconds:0.0} s ({rate:N0} events/s)") +
            (isRepeated ? "; some were there before and count twice now" : string.Empty));
    }

    private void NoteLate(LateRows late, TopicContract topic)
    {
        if (late.Count > 0)
        {
            _terminal.Note(string.Create(
                CultureInfo.InvariantCulture,
                $"{late.Count:N0} of the events {Counted.Are(late.Count)} more than a day older than events before them in {topic.Name}: a node leaves out " +
                $"events that are older than its longest window. " +
                $"For a history, give the files in the order of time and use a separate log (STREAMING_DATA=DIR). Ctrl-C stops this " +
                $"and says what is written"));
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
