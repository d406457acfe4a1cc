using System.Globalization;
using Streaming.Cli.Settings;
using Streaming.Cli.Shell;
using Streaming.Features.Plans;
using Streaming.Node.Settings;
using Streaming.Offline.Training;
using Streaming.Offline.Training.Protocols;
using Streaming.Scoring.Registry;

namespace Streaming.Cli.Commands;

/// <summary>Writes the best candidate of a comparison as a model: through the gate into its file, and to the registry.</summary>
internal sealed class CandidateExport(Terminal terminal, NodeSettings settings, TrainingProtocol protocol, FeatureCatalog catalog)
{
    /// <summary>Writes.</summary>
    /// <param name="results">What became of the candidates.</param>
    /// <param name="sets">The rows of each feature service.</param>
    /// <param name="file">The ONNX file.</param>
    /// <param name="started">When the comparison began.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <exception cref="CliFailure">The gate refuses it.</exception>
    /// <exception cref="TrainingException">The best candidate cannot be written as a model.</exception>
    public async Task<WrittenCandidate> WriteAsync(
        List<CandidateResult> results,
        Dictionary<string, TrainingSet> sets,
        string file,
        DateTimeOffset started,
        CancellationToken cancellation)
    {
        var best = CandidateModel.Best(protocol, results);
        var service = catalog.FindService((best.Candidate.ServeAs ?? best.Candidate.Service).Value)!;
        using var registry = Registries.Open(settings, terminal);
        terminal.Note($"{best.Candidate.Name}: the model");
        var (learnt, trained) = await Task.Run(
            () =>
            {
                var learnt = CandidateModel.Learn(protocol, best, sets[best.Candidate.Service.Value], service, cancellation);
                var gate = ModelExport.Replace(learnt.Model, file, learnt.Tested.Features, cancellation);
                return (learnt, new TrainedFile(protocol.Model, file, learnt.Model, gate));
            },
            cancellation);
        var run = new RunDraft
        {
            Experiment = protocol.Model,
            Name = FormattableString.Invariant($"{protocol.Model}-{protocol.Name}-{learnt.Candidate.Name}-{started:yyyyMMdd-HHmmss}"),
            By = Registries.UserOf(terminal),
            Started = started,
            Ended = terminal.Time.GetUtcNow(),
            Params = learnt.Params,
        };
        var version = await TrainedVersion.RegisterAsync(registry, run, trained, catalog, Markdown(trained, learnt), cancellation);
        return new(learnt, trained, version, registry.Location, ToServe(service, version));
    }

    /// <summary>What the model was learnt from and where its thresholds lie, for people.</summary>
    public static IEnumerable<(string Name, string Value)> Facts(ServedCandidate learnt)
    {
        var split = learnt.Split;
        yield return ("candidate", learnt.Candidate.Name);
        yield return ("learnt from", string.Create(
            CultureInfo.InvariantCulture,
            $"{split.TrainDays} days from {split.Start:yyyy-MM-dd}, tested on {split.TestDays} from {split.TestStart:yyyy-MM-dd} on") +
            ": the last test fold");
        if (learnt.Decisions.Thresholds is { } thresholds)
        {
            var (review, decline) = (At(thresholds.Review), At(thresholds.Decline));
            yield return ("thresholds", $"review {review}, decline {decline}: they cost the validation folds the least");
        }
    }

    private static string At(double threshold) =>
        double.IsFinite(threshold) ? threshold.ToString("0.0000", CultureInfo.InvariantCulture) : "never";

    private static string Markdown(TrainedFile trained, ServedCandidate learnt) =>
        TrainReport.Markdown(trained) + string.Concat(Facts(learnt).Select(fact => $"- {fact.Name}: {fact.Value}\n"));

    private string ToServe(ServicePlan service, ModelVersion version)
    {
        var known = Definitions.Features(settings.FeaturesDirectory);
        if (known.FindService(service.Name)?.Fingerprint != service.Fingerprint)
        {
            return $"no node has '{service.Name}', which is declared for training alone ({protocol.Definitions?.Value}): declare the " +
                $"service and its views in {settings.FeaturesDirectory}, over events that a node gets, and a model that reads it";
        }

        var definition = Definitions.Models(settings.ModelsDirectory, known).FirstOrDefault(model => model.Name == protocol.Model);
        return definition?.Service == service.Name
            ? $"streaming models promote {protocol.Model} {version.Version}"
            : $"declare a model in {settings.ModelsDirectory} with service = {service.Name} and this file (the model '{protocol.Model}' " +
                $"reads {definition?.Service ?? "nothing: it is not declared"})";
    }
}

/// <summary>A candidate that was written.</summary>
/// <param name="Learnt">What was learnt.</param>
/// <param name="Trained">The model in its file.</param>
/// <param name="Version">What it is in the registry.</param>
/// <param name="Registry">Where that is.</param>
/// <param name="ToServe">What must be done for a node to serve it.</param>
internal sealed record WrittenCandidate(
    ServedCandidate Learnt, TrainedFile Trained, ModelVersion Version, string Registry, string ToServe);
