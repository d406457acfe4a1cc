using System.Globalization;
using Streaming.Cli.Shell;
using Streaming.Hocon;
using Streaming.Scoring.Registry;

namespace Streaming.Cli.Commands;

/// <summary>Prints how good a trained model is.</summary>
internal static class TrainReport
{
    /// <summary>Prints.</summary>
    /// <param name="terminal">Where.</param>
    /// <param name="json">As JSON.</param>
    /// <param name="trained">The model in its file.</param>
    /// <param name="version">What it is in the registry.</param>
    /// <param name="registry">Where that is.</param>
    public static void Print(
        Terminal terminal, bool json, TrainedFile trained, ModelVersion version, string registry)
    {
        if (json)
        {
            Report.Json(terminal, Document(trained, version));
            return;
        }

        Report.Pairs(terminal, [.. Rows(trained, version, registry)]);
    }

    /// <summary>What there is to say, for programs.</summary>
    public static object Document(TrainedFile trained, ModelVersion version) => new
    {
        trained.File,
        trained.Model.FeatureService,
        Metrics = trained.Model.Metrics!,
        trained.Gate,
        trained.Model.TrainingFingerprint,
        version.Version,
        version.RunId,
    };

    /// <summary>What there is to say, for people.</summary>
    public static IEnumerable<(string Name, string Value)> Rows(TrainedFile trained, ModelVersion version, string registry) =>
        Figures(trained).Append(("registered as", $"version {version.Version} of '{trained.Name}' in {registry}"));

    /// <summary>The figures as a page, for the run's files.</summary>
    public static string Markdown(TrainedFile trained) => string.Join('\n',
    [
        $"# Training of {trained.Name}",
        "",
        "| | |",
        "| --- | --- |",
        .. Figures(trained).Select(figure => $"| {figure.Name} | {figure.Value} |"),
        $"| training data | {trained.Model.TrainingFingerprint} |",
        $"| features | {string.Join(", ", trained.Model.Trees.FeatureNames)} |",
        "",
    ]);

    private static IEnumerable<(string Name, string Value)> Figures(TrainedFile trained)
    {
        string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
        var (model, gate) = (trained.Model, trained.Gate);
        var metrics = model.Metrics!;
        yield return ("model", trained.File);
        yield return ("service", model.FeatureService);
        yield return ("tested on", metrics.CardPrecisionAt100 is null
            ? string.Create(CultureInfo.InvariantCulture, $"{Counted.Of(metrics.Rows, "row")}, {metrics.Frauds:N0} with the label 1")
            : $"{Counted.Of(metrics.Rows, "transaction")}, {Counted.Of(metrics.Frauds, "fraud")} among them");
        yield return ("AUC ROC", Text($"{metrics.AucRoc:0.000}"));
        yield return ("average precision", Text($"{metrics.AveragePrecision:0.000}"));
        yield return ("card precision@100", metrics.CardPrecisionAt100 is { } precision ? Text($"{precision:0.000}") : "-");
        yield return ("largest difference", GateReport.Summary(gate));
        yield return ("gate", string.Join(", ", gate.Checks.Select(check => Text($"{check.Name} {check.Largest?.Difference ?? 0:g3}"))));
    }
}
