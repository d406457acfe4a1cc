using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using Streaming.Features.Plans;
using Streaming.Offline.Gate;
using Streaming.Offline.Training;
using Streaming.Scoring.Registry;

namespace Streaming.Cli.Commands;

/// <summary>Writes what was trained to the registry: a run with its report, and a version.</summary>
internal static class TrainedVersion
{
    /// <summary>Writes.</summary>
    /// <param name="registry">Where.</param>
    /// <param name="draft">The run without its results: who, when, and with which options.</param>
    /// <param name="trained">What was trained.</param>
    /// <param name="catalog">The definitions.</param>
    /// <param name="report">The report, as Markdown.</param>
    /// <param name="cancellation">Ends it.</param>
    public static async Task<ModelVersion> RegisterAsync(
        IModelRegistry registry,
        RunDraft draft,
        TrainedFile trained,
        FeatureCatalog catalog,
        string report,
        CancellationToken cancellation)
    {
        var folder = Directory.CreateTempSubdirectory("streaming-run-");
        try
        {
            using var result = JsonDocument.Parse(GateJson.Write(trained.Gate));
            var gate = result.RootElement;
            var (reportFile, gateFile) = (Path.Combine(folder.FullName, "report.md"), Path.Combine(folder.FullName, "gate.json"));
            await File.WriteAllTextAsync(reportFile, report, cancellation);
            await File.WriteAllTextAsync(gateFile, gate.GetRawText(), cancellation);
            var metrics = MetricsOf(trained.Model);
            var run = await registry.LogRunAsync(
                draft with
                {
                    Metrics = [.. metrics.Select(m => new MetricPoint(m.Key, m.Value, draft.Ended.ToUnixTimeMilliseconds(), 0))],
                    Artifacts = [("report.md", reportFile), ("gate.json", gateFile), (ModelFolder.ModelFile, trained.File)],
                },
                cancellation);
            return await registry.RegisterAsync(
                VersionOf(draft, trained, catalog, gate) with { RunId = run, Params = draft.Params, Metrics = metrics }, cancellation);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    /// <summary>How trees were grown.</summary>
    public static Dictionary<string, string> ParamsOf(BoostingOptions options)
    {
        static string Text(IFormattable value) => value.ToString(null, CultureInfo.InvariantCulture);
        return new()
        {
            ["learner"] = "lightgbm",
            ["num_leaves"] = Text(options.NumLeaves),
            ["learning_rate"] = Text(options.LearningRate),
            ["rounds"] = Text(options.Rounds),
            ["max_bin"] = Text(options.MaxBin),
            ["min_data_in_bin"] = Text(options.MinDataInBin),
            ["min_data_in_leaf"] = Text(options.MinDataInLeaf),
            ["lambda_l2"] = Text(options.LambdaL2),
            ["feature_fraction"] = Text(options.FeatureFraction),
            ["bagging_fraction"] = Text(options.BaggingFraction),
            ["learner_seed"] = Text(options.Seed),
        };
    }

    private static VersionDraft VersionOf(RunDraft draft, TrainedFile trained, FeatureCatalog catalog, JsonElement gate) => new()
    {
        Name = trained.Name,
        Experiment = draft.Experiment,
        File = trained.File,
        By = draft.By,
        Tags = VersionFacts.Of(
            trained.File, trained.Model.Metadata(), catalog.FindService(trained.Model.FeatureService)!, gate),
    };

    private static ImmutableSortedDictionary<string, double> MetricsOf(TrainedModel model)
    {
        var metrics = ImmutableSortedDictionary.CreateBuilder<string, double>(StringComparer.Ordinal);
        if (model.Metrics is { } measured)
        {
            metrics["test_rows"] = measured.Rows;
            metrics["test_frauds"] = measured.Frauds;
            metrics["auc_roc"] = measured.AucRoc;
            metrics["average_precision"] = measured.AveragePrecision;
            if (measured.CardPrecisionAt100 is { } precision)
            {
                metrics["card_precision_at_100"] = precision;
            }
        }

        return metrics.ToImmutable();
    }
}

/// <summary>A model in its file.</summary>
/// <param name="Name">The model's name.</param>
/// <param name="File">The ONNX file.</param>
/// <param name="Model">What was trained.</param>
/// <param name="Gate">How far its evaluations agree.</param>
internal sealed record TrainedFile(string Name, string File, TrainedModel Model, GateResult Gate);
