using System.CommandLine;
using System.Globalization;
using Streaming.Cli.Settings;
using Streaming.Cli.Shell;
using Streaming.Hocon;
using Streaming.Offline.Backfill;
using Streaming.Offline.Datasets;

namespace Streaming.Cli.Commands;

/// <summary><c>streaming dataset</c>.</summary>
internal sealed class DatasetCommand
{
    private readonly Option<string?> _service = CliOptions.Text(
        "--service", "SERVICE", "The feature service whose features are computed.").Required();

    private readonly Option<string?> _spine = CliOptions.Text(
        "--spine", "FILE|SQL", "The rows: a Parquet, .csv or .tsv file, or a query over files and the lake's topics.").Required();

    private readonly Option<string?> _output = CliOptions.Text("--output", "FILE", "The Parquet file to write.").Required();
    private readonly Option<string?> _lake = LakeCommand.Folder("--lake");
    private readonly Option<string?> _time = CliOptions.Text(
        "--time", "COLUMN", "The column with the time of a row. (default: ts, or the only timestamp)");

    private readonly Option<string[]> _known = new("--known")
    {
        HelpName = "TOPIC=TIME...",
        Description = "From when on events count as known: log (the record's timestamp; the default), event (the event time), or a column.",
        AllowMultipleArgumentsPerToken = true,
        Arity = ArgumentArity.OneOrMore,
    };

    private readonly Option<int> _threads = CliOptions.Integer("--threads", "N", "Threads that compute; 0 is one a core.", 0, 0, 1024);
    private readonly Option<int> _memory = CliOptions.Integer(
        "--memory", "MIB", "What queries may take before they use the disk.", 384, 64, 1_048_576);

    private readonly Option<bool> _json = CliOptions.Json();
    private readonly MapOption _map;
    private readonly ConfigOption _config;
    private readonly Terminal _terminal;

    private DatasetCommand(Terminal terminal, Command command)
    {
        _terminal = terminal;
        foreach (var option in (ReadOnlySpan<Option>)[_service, _spine, _output, _lake, _time])
        {
            command.Add(option);
        }

        _map = new MapOption(command);
        foreach (var option in (ReadOnlySpan<Option>)[_known, _threads, _memory, _json])
        {
            command.Add(option);
        }

        _config = new ConfigOption(terminal, command);
    }

    /// <summary>Makes the command.</summary>
    public static Command Create(Terminal terminal)
    {
        var command = new CliCommand("dataset", "Make a training set: for rows of keys, time and label, the features as known then.")
        {
            Notes =
            [
                "An event counts for a row if its event time is in the feature's window as of the row's time, that time included, and " +
                "if it was known by then. The output has the spine's columns and one column for each feature, in order of time.",
                "A query sees each topic of the lake as a table of its name, and files by read_parquet('...') and read_csv('...').",
            ],
            Examples =
            [
                "streaming dataset --service fraud --spine spine.parquet --output training.parquet",
                "streaming dataset --service handbook --spine \"SELECT card_id, terminal_id, ts, fraud FROM transactions WHERE ts >= " +
                "'2026-10-01'\" --output training.parquet",
                "streaming dataset --service fraud --spine rows.csv --map card_id=customer --known labels=labelled_at --output t.parquet",
            ],
        };
        var dataset = new DatasetCommand(terminal, command);
        command.SetAction(dataset.RunAsync);
        return command;
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellation)
    {
        var job = JobOf(parsed);
        var watch = _terminal.Time.GetTimestamp();
        var result = await ProgressLine.ShowAsync(
            _terminal, $"dataset {parsed.GetValue(_service)}", "rows", 0, progress => job.RunAsync(new Relay(progress), cancellation));
        var seconds = _terminal.Time.GetElapsedTime(watch).TotalSeconds;
        var output = parsed.GetValue(_output)!;
        if (parsed.GetValue(_json))
        {
            Report.Json(
                _terminal, new { Output = output, result.Rows, Columns = result.Columns.AsEnumerable(), Seconds = Math.Round(seconds, 3) });
        }
        else
        {
            _terminal.Out.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{Counted.Of(result.Rows, "row")} with {Counted.Of(result.Features, "feature")} written to {output} in {seconds:0.0} s"));
        }

        return (int)ExitCode.Ok;
    }

    private DatasetJob JobOf(ParseResult parsed)
    {
        var settings = _config.Load(parsed);
        var threads = parsed.GetValue(_threads);
        return new DatasetJob(new DatasetOptions
        {
            Catalog = Definitions.Features(settings.Node.FeaturesDirectory),
            Service = parsed.GetValue(_service)!,
            Spine = parsed.GetValue(_spine)!,
            Lake = LakeCommand.FolderOf(parsed, _lake, settings),
            Output = parsed.GetValue(_output)!,
            Map = _map.Read(parsed),
            Time = parsed.GetValue(_time),
            Known = [.. (parsed.GetValue(_known) ?? []).Select(KnownTime.Parse)],
            Threads = threads == 0 ? Environment.ProcessorCount : threads,
            MemoryMebibytes = parsed.GetValue(_memory),
        });
    }

    private sealed class Relay(ProgressLine line) : IProgress<BackfillProgress>
    {
        public void Report(BackfillProgress value) => line.Report(value.Rows, value.TotalRows);
    }
}
