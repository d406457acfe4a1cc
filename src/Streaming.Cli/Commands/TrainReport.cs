using System.Globalization;
using Streaming.Cli.Shell;
using Streaming.Hocon;
using Streaming.Offline.Training.Onnx;
using Streaming.Scoring.Registry;

namespace Streaming.Cli.Commands;

/// <summary>Prints how good a trained model is.</summary>
internal static class TrainReport
{
    /// <summary>Prints.</summary>
    /// <param name="terminal">Where.</param>
    /// <param name="json">As JSON.</param>
    /// <param name="trained">The model in its file.</param>
    /// <param name="rows">How many rows there were.</param>
    /// <param name="version">What it is in the registry.</param>
    /// <param name="registry">Where that is.</param>
    public static void Print(
        Terminal terminal, bool json, TrainedFile trained, int rows, ModelVersion version, string registry)
    {
        var model = trained.Model;
        if (json)
        {
            Report.Json(terminal, new
            {
                trained.File,
                model.FeatureService,
                Metrics = model.Metrics!,
                trained.Parity,
                model.TrainingFingerprint,
                version.Version,
                version.RunId,
            });
            return;
        }

        Report.Pairs(
            terminal, [.. Figures(trained, rows), ("registered as", $"version {version.Version} of '{trained.Name}' in {registry}")]);
    }

    /// <summary>The figures as a page, for the run's files.</summary>
    public static string Markdown(TrainedFile trained, int rows) => string.Join('\n',
    [
        $"# Training of {trained.Name}",
        "",
        "| | |",
        "| --- | --- |",
        .. Figures(trained, rows).Select(figure => $"| {figure.Name} | {figure.Value} |"),
        $"| training data | {trained.Model.TrainingFingerprint} |",
        $"| features | {string.Join(", ", trained.Model.Trees.FeatureNames)} |",
        "",
    ]);

    private static IEnumerable<(string Name, string Value)> Figures(TrainedFile trained, int rows)
    {
        string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
        var (model, parity) = (trained.Model, trained.Parity);
        var metrics = model.Metrics!;
        yield return ("model", trained.File);
        yield return ("service", model.FeatureService);
        yield return ("tested on", $"{Counted.Of(metrics.Rows, "transaction")}, {Counted.Of(metrics.Frauds, "fraud")} among them");
        yield return ("AUC ROC", Text($"{metrics.AucRoc:0.000}"));
        yield return ("average precision", Text($"{metrics.AveragePrecision:0.000}"));
        yield return ("card precision@100", metrics.CardPrecisionAt100 is { } precision ? Text($"{precision:0.000}") : "-");
        yield return ("parity", string.Create(
            CultureInfo.InvariantCulture,
            $"{parity.Rows:N0} of {Counted.Of(rows, "row")}, ONNX to trees {parity.OnnxToTrees:g3}, " +
            $"trees to LightGBM {parity.TreesToLightGbm:g3}, bound {OnnxParity.Bound:g3}"));
    }
}
