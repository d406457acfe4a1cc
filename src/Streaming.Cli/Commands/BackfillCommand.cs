using System.CommandLine;
using System.Globalization;
using Streaming.Cli.Settings;
using Streaming.Cli.Shell;
using Streaming.Hocon;
using Streaming.Offline.Backfill;

namespace Streaming.Cli.Commands;

/// <summary><c>streaming backfill</c>.</summary>
internal sealed class BackfillCommand
{
    private readonly Option<string?> _service = CliOptions.Text(
        "--service", "SERVICE", "The feature service whose features are computed.").Required();
    private readonly Option<string[]> _input = new("--input")
    {
        HelpName = "[SOURCE=]FILE...",
        Description =
            "Parquet, .csv or .tsv files with the events, those of one source together in any order. A service of several sources needs " +
            "files of each source, by name: transactions=t.parquet.",
        Required = true,
        AllowMultipleArgumentsPerToken = true,
        Arity = ArgumentArity.OneOrMore,
    };

    private readonly Option<string?> _spine = CliOptions.Text(
        "--spine", "SOURCE", "The source whose events are the rows. (default: the service's request source, else the first input)");

    private readonly Option<string?> _output = CliOptions.Text("--output", "FILE", "The Parquet file to write.").Required();
    private readonly Option<int> _threads = CliOptions.Integer("--threads", "N", "Threads that compute; 0 is one a core.", 0, 0, 1024);
    private readonly Option<bool> _json = CliOptions.Json();
    private readonly MapOption _map;
    private readonly ConfigOption _config;
    private readonly Terminal _terminal;

    private BackfillCommand(Terminal terminal, Command command)
    {
        _terminal = terminal;
        command.Add(_service);
        command.Add(_input);
        _map = new MapOption(command, MapOption.OfSeveralSources);
        command.Add(_spine);
        command.Add(_output);
        command.Add(_threads);
        command.Add(_json);
        _config = new ConfigOption(terminal, command);
    }

    /// <summary>Makes the command.</summary>
    public static Command Create(Terminal terminal)
    {
        var command = new CliCommand(
            "backfill", "Compute a feature service for every event of a history, as of that event and including it.")
        {
            Notes =
            [
                "The features are those that a node answers at that moment, from the same definitions (schemas/features) and the same " +
                "compiled plans. The output has a row for each event, with the event's id and one column for each feature.",
                "A service may read several sources. A row then sees what the log held of the other sources at its time: a label " +
                "counts from its labelled_at on, in the windows of its transaction_ts.",
            ],
            Examples =
            [
                "streaming backfill --service handbook --input transactions.parquet --map card_id=customer_id,event_id=transaction_id " +
                "--output out.parquet",
                "streaming backfill --service handbook --input 2025.csv 2026.csv --output features.parquet --json",
                "streaming backfill --service fraud --input transactions=t.parquet --input labels=l.parquet --map " +
                "labels.transaction_id=id --output out.parquet",
            ],
        };
        var backfill = new BackfillCommand(terminal, command);
        command.SetAction(backfill.RunAsync);
        return command;
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellation)
    {
        var job = JobOf(parsed);
        var watch = _terminal.Time.GetTimestamp();
        var result = await ProgressLine.ShowAsync(
            _terminal,
            $"backfill {parsed.GetValue(_service)}",
            "rows",
            0,
            progress => job.RunAsync(new Relay(progress), cancellation));
        var seconds = _terminal.Time.GetElapsedTime(watch).TotalSeconds;
        var output = parsed.GetValue(_output)!;
        if (parsed.GetValue(_json))
        {
            Report.Json(
                _terminal, new { Output = output, result.Rows, Columns = result.Columns.AsEnumerable(), Seconds = Math.Round(seconds, 3) });
        }
        else
        {
            var rate = result.Rows / Math.Max(seconds, 0.001);
            _terminal.Out.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{Counted.Of(result.Rows, "row")} with {Counted.Of(result.Columns.Length - 1, "feature")} written to {output} " +
                $"in {seconds:0.0} s ({rate:N0} rows/s)"));
        }

        return (int)ExitCode.Ok;
    }

    private BackfillJob JobOf(ParseResult parsed)
    {
        var settings = _config.Load(parsed);
        var threads = parsed.GetValue(_threads);
        try
        {
            return new BackfillJob(new BackfillOptions
            {
                Catalog = Definitions.Features(settings.Node.FeaturesDirectory),
                Service = parsed.GetValue(_service)!,
                Inputs = [.. parsed.GetValue(_input)!.Select(BackfillInput.Parse)],
                Map = _map.Read(parsed),
                Spine = parsed.GetValue(_spine),
                Output = parsed.GetValue(_output)!,
                Threads = threads == 0 ? Environment.ProcessorCount : threads,
            });
        }
        catch (BackfillException error)
        {
            throw new CliFailure(ExitCode.Usage, error.Message, error);
        }
    }

    // Progress<T> would post to the thread pool, where reports overtake each other.
    private sealed class Relay(ProgressLine line) : IProgress<BackfillProgress>
    {
        public void Report(BackfillProgress value) => line.Report(value.Rows, value.TotalRows);
    }
}
