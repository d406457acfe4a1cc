using System.Collections.Immutable;
using Streaming.Cli.Settings;
using Streaming.Cli.Shell;
using Streaming.Hocon;
using Streaming.Node.Settings;
using Streaming.Offline.Backfill;
using Streaming.Offline.Training;
using Streaming.Offline.Training.Protocols;
using Streaming.Offline.Training.Reports;

namespace Streaming.Cli.Commands;

/// <summary><c>streaming train MODEL --protocol NAME</c>: compares a training's candidates on a recorded history.</summary>
internal sealed class ModelComparison(Terminal terminal, NodeSettings settings, TrainingProtocol protocol, bool withTest)
{
    /// <summary>Runs it.</summary>
    /// <param name="inputs">The files of the history.</param>
    /// <param name="report">Where the report goes; null for none.</param>
    /// <param name="json">Prints JSON instead of tables.</param>
    /// <param name="cancellation">Ends it.</param>
    public async Task<int> RunAsync(string[] inputs, string? report, bool json, CancellationToken cancellation)
    {
        if (inputs.Length == 0)
        {
            throw new CliFailure(ExitCode.Usage, $"--protocol {protocol.Name} needs --input FILE, the history that models are compared on");
        }

        var results = new List<CandidateResult>();
        var sets = new Dictionary<string, TrainingSet>();
        try
        {
            var histories = Histories([.. inputs.Select(BackfillInput.Parse)]);
            foreach (var candidate in protocol.Candidates)
            {
                var service = candidate.Service.Value;
                if (!sets.TryGetValue(service, out var set))
                {
                    sets.Add(service, set = await ReadAsync(service, histories[service], cancellation));
                }

                results.Add(await Task.Run(
                    () => ProtocolRun.Run(protocol, candidate, set, withTest, terminal.Note, cancellation), cancellation));
            }
        }
        catch (Exception error) when (error is BackfillException or TrainingException)
        {
            throw new CliFailure(ExitCode.Usage, error.Message, error);
        }

        if (report is not null)
        {
            var files = ComparisonFiles.Write(report, Command(inputs, report), protocol, results);
            terminal.Note($"report: {files[0]}, {files[1]} and {Counted.Of(files.Length - 2, "plot")}");
        }

        ComparisonReport.Print(terminal, json, protocol, results);
        return (int)ExitCode.Ok;
    }

    private string Command(string[] inputs, string report) =>
        $"streaming train {protocol.Model} --protocol {protocol.Name} --input {string.Join(' ', inputs)}" +
        $"{(withTest ? "" : " --validation-only")} --report {report}";

    // All are looked at before the first is read, which takes a while.
    private Dictionary<string, RecordedHistory> Histories(ImmutableArray<BackfillInput> inputs)
    {
        var catalog = TrainingDefinitions.Features(settings, protocol);
        return protocol.Candidates.Select(candidate => candidate.Service.Value).Distinct()
            .ToDictionary(service => service, service => new RecordedHistory(catalog, service, protocol, inputs));
    }

    private Task<TrainingSet> ReadAsync(string service, RecordedHistory history, CancellationToken cancellation) => ProgressLine.ShowAsync(
        terminal,
        $"features of {service}",
        "rows",
        0,
        progress =>
        {
            var (from, until) = ProtocolRun.Period(protocol);
            return Task.Run(() => history.Build(from, until, new Relay(progress), cancellation), cancellation);
        });

    // Progress<T> would post to the thread pool, where reports overtake each other.
    private sealed class Relay(ProgressLine line) : IProgress<BackfillProgress>
    {
        public void Report(BackfillProgress value) => line.Report(value.Rows, value.TotalRows);
    }
}
