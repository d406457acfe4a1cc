using System.CommandLine;
using System.Globalization;
using Streaming.Cli.Settings;
using Streaming.Cli.Shell;
using Streaming.Features.Language;
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
        "--speed", "SPEED", "full: as fast as the log takes it; 1x, 100x ...: that multiple of the events' own time.", "full");
    private readonly Option<int> _skip = CliOptions.Integer(
        "--skip",
        "N",
        "Rows to pass over, counted through all files: what an ingest that was interrupted has written.",
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
                "A field of the event is read from the column of its own name unless --map says otherwise. A field that has a default " +
                "may be left out. " +
                "Each record's timestamp is the event's time and its key the entity: card_id for transactions, user_id for clicks, " +
                "terminal_id for labels. " +
                "All rows of all files are checked before the first is written: a file that is refused leaves nothing in the log. " +
                "Running it twice writes the events twice.",
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
            var ingest = new TableIngest(topic, map, pace, _terminal.Time, settings.Engine.FutureTolerance);
            var total = files.Sum(file => file.RowCount);
            var late = new LateRows(await connection.NewestMillisAsync(topic.Name, cancellation));
            await ProgressLine.ShowAsync(
                _terminal, $"check {topic.Name}", "rows", total, progress => CheckAsync(ingest, files, late, progress, cancellation));
            NoteLate(late, topic);
            var seconds = await ProgressLine.ShowAsync(
                _terminal, $"ingest {topic.Name}", "events", total, progress =>
                    WriteAsync(ingest, files, parsed.GetValue(_skip), writer, progress, cancellation));
            Report(parsed.GetValue(_json), topic, writer.Appended, seconds);
            return (int)ExitCode.Ok;
        }
        finally
        {
            files.ForEach(file => file.Dispose());
        }
    }

    // All files before the first row of the first: one that is refused leaves nothing behind.
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
            throw new CliFailure(ExitCode.Interrupted, Interrupted(skip, writer.Appended, files.Sum(file => file.RowCount)), error);
        }

        return progress.Elapsed.TotalSeconds;
    }

    private static string Interrupted(long skipped, long written, long rows) => string.Create(
        CultureInfo.InvariantCulture,
        $"interrupted: {written:N0} events are written, up to row {skipped + written:N0} of {rows:N0}; the rest of them: the same " +
        $"command with --skip {skipped + written}");

    private void NoteOther(FileLease? lease, TopicContract topic)
    {
        if (lease is null)
        {
            _terminal.Note(
                $"another ingest writes into this log: where both have events of one time span for {topic.Name}, those of the slower " +
                "come late, and a node may leave them out; one after the other is safe");
        }
    }

    private void Report(bool json, TopicContract topic, long rows, double seconds)
    {
        if (json)
        {
            Shell.Report.Json(_terminal, new { Topic = topic.Name, Events = rows, Seconds = Math.Round(seconds, 3) });
            return;
        }

        var rate = rows / Math.Max(seconds, 0.001);
        _terminal.Out.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture, $"{rows:N0} events written to {topic.Name} in {seconds:0.0} s ({rate:N0} events/s)"));
    }

    private void NoteLate(LateRows late, TopicContract topic)
    {
        if (late.Count > 0)
        {
            _terminal.Note(string.Create(
                CultureInfo.InvariantCulture,
                $"{late.Count:N0} of the events are older by more than a day than others before them in {topic.Name}: a node leaves out " +
                "those that are older than its longest window. " +
                $"A history wants files in the order of time and a log of its own (STREAMING_DATA=DIR); Ctrl-C ends this, and says what " +
                "is written"));
        }
    }

    private static TopicContract TopicOf(string name) =>
        TopicContract.All.FirstOrDefault(topic => topic.Name == name) ?? throw new CliFailure(
        ExitCode.Usage,
        $"--topic is '{name}', expected one of {string.Join(", ", TopicContract.All.Select(t => t.Name))}{NearestName.Phrase(name, TopicContract.All.Select(t => t.Name), lead: null, '\'')}");

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
