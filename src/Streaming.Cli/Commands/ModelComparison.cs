using System.Collections.Immutable;
using Streaming.Cli.Settings;
using Streaming.Cli.Shell;
using Streaming.Features.Plans;
using Streaming.Hocon;
using Streaming.Node.Settings;
using Streaming.Offline.Backfill;
using Streaming.Offline.Training;
using Streaming.Offline.Training.Protocols;
using Streaming.Offline.Training.Reports;

namespace Streaming.Cli.Commands;

/// <summary><c>streaming train MODEL --protocol NAME</c>: compares a training's candidates on a recorded history.</summary>
internal sealed class ModelComparison(Terminal terminal, NodeSettings settings, TrainingProtocol protocol, ComparisonOptions options)
{
    private readonly Dictionary<string, TrainingSet> _sets = [];

    /// <summary>Runs it.</summary>
    /// <param name="cancellation">Ends it.</param>
    public async Task<int> RunAsync(CancellationToken cancellation)
    {
        var candidates = Candidates();
        var catalog = TrainingDefinitions.Features(settings, protocol);
        var started = terminal.Time.GetUtcNow();
        var results = new List<CandidateResult>();
        var print = new ComparisonReport(terminal, options.Json, protocol, results);
        try
        {
            await CompareAsync(candidates, catalog, results, cancellation);
            WriteReport(results);
            // Also where the best is refused afterwards.
            print.Tables();
            print.End(options.Output is { } file
                ? await new CandidateExport(terminal, settings, protocol, catalog).WriteAsync(results, _sets, file, started, cancellation)
                : null);
        }
        catch (Exception error) when (error is BackfillException or TrainingException)
        {
            throw new CliFailure(ExitCode.Usage, error.Message, error);
        }

        return (int)ExitCode.Ok;
    }

    // Whatever can be told before the history is read, which takes a while.
    private ImmutableArray<TrainingCandidate> Candidates()
    {
        if (options.Inputs.Length == 0)
        {
            throw new CliFailure(ExitCode.Usage, $"--protocol {protocol.Name} needs --input FILE, the history that models are compared on");
        }

        var candidates = protocol.Candidates.Where(each => options.Candidate is null || each.Name == options.Candidate).ToImmutableArray();
        if (candidates.IsEmpty)
        {
            throw new CliFailure(
                ExitCode.Usage,
                $"the training '{protocol.Name}' has no candidate '{options.Candidate}'" +
                NearestName.Phrase(options.Candidate!, protocol.Candidates.Select(each => each.Name), "; there are ", '\''));
        }

        if (options.Output is null)
        {
            return candidates;
        }

        if (!options.WithTest)
        {
            throw new CliFailure(
                ExitCode.Usage, "--output writes a model with the figures of the last test fold, which --validation-only does not look at");
        }

        CandidateModel.Check(protocol, candidates);
        return candidates;
    }

    private async Task CompareAsync(
        ImmutableArray<TrainingCandidate> candidates, FeatureCatalog catalog, List<CandidateResult> results, CancellationToken cancellation)
    {
        // All are looked at before the first is read.
        ImmutableArray<BackfillInput> inputs = [.. options.Inputs.Select(BackfillInput.Parse)];
        var histories = candidates.Select(candidate => candidate.Service.Value).Distinct()
            .ToDictionary(service => service, service => new RecordedHistory(catalog, service, protocol, inputs));
        foreach (var candidate in candidates)
        {
            var service = candidate.Service.Value;
            if (!_sets.TryGetValue(service, out var set))
            {
                _sets.Add(service, set = await ReadAsync(service, histories[service], cancellation));
            }

            results.Add(await Task.Run(
                () => ProtocolRun.Run(protocol, candidate, set, options.WithTest, terminal.Note, cancellation), cancellation));
        }
    }

    private void WriteReport(List<CandidateResult> results)
    {
        if (options.Report is { } report)
        {
            var files = ComparisonFiles.Write(report, Command(report), protocol, results);
            terminal.Note($"report: {files[0]}, {files[1]} and {Counted.Of(files.Length - 2, "plot")}");
        }
    }

    private string Command(string report) =>
        $"streaming train {protocol.Model} --protocol {protocol.Name} --input {string.Join(' ', options.Inputs)}" +
        $"{(options.Candidate is { } candidate ? $" --candidate {candidate}" : "")}" +
        $"{(options.WithTest ? "" : " --validation-only")} --report {report}";

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
