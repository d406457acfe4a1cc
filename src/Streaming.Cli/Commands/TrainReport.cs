using System.Globalization;
using Streaming.Cli.Shell;
using Streaming.Hocon;
using Streaming.Offline.Training;
using Streaming.Offline.Training.Onnx;

namespace Streaming.Cli.Commands;

/// <summary>Prints how good a trained model is.</summary>
internal static class TrainReport
{
    /// <summary>Prints.</summary>
    /// <param name="terminal">Where.</param>
    /// <param name="json">As JSON.</param>
    /// <param name="file">The file that has the model.</param>
    /// <param name="model">The model.</param>
    /// <param name="parity">How far its evaluations agree.</param>
    /// <param name="rows">How many rows there were.</param>
    public static void Print(Terminal terminal, bool json, string file, TrainedModel model, OnnxParityReport parity, int rows)
    {
        var metrics = model.Metrics!;
        if (json)
        {
            Report.Json(
                terminal, new { File = file, model.FeatureService, Metrics = metrics, Parity = parity, model.TrainingFingerprint });
            return;
        }

        string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
        Report.Pairs(
            terminal,
            [
                ("model", file),
                ("service", model.FeatureService),
                ("tested on", $"{Counted.Of(metrics.Rows, "transaction")}, {Counted.Of(metrics.Frauds, "fraud")} among them"),
                ("AUC ROC", Text($"{metrics.AucRoc:0.000}")),
                ("average precision", Text($"{metrics.AveragePrecision:0.000}")),
                ("card precision@100", metrics.CardPrecisionAt100 is { } precision ? Text($"{precision:0.000}") : "-"),
                ("parity", string.Create(
                    CultureInfo.InvariantCulture,
                    $"{parity.Rows:N0} of {Counted.Of(rows, "row")}, ONNX to trees {parity.OnnxToTrees:g3}, " +
                    $"trees to LightGBM {parity.TreesToLightGbm:g3}, bound {OnnxParity.Bound:g3}")),
            ]);
    }
}
