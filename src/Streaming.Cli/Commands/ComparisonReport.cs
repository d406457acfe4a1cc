using System.Globalization;
using Streaming.Cli.Shell;
using Streaming.Offline.Training.Protocols;

namespace Streaming.Cli.Commands;

/// <summary>Prints how a protocol's candidates did.</summary>
internal static class ComparisonReport
{
    /// <summary>Prints.</summary>
    public static void Print(Terminal terminal, bool json, TrainingProtocol protocol, IReadOnlyList<CandidateResult> results)
    {
        if (json)
        {
            Report.Json(terminal, new { Protocol = protocol.Name, Candidates = results.Select(Document) });
            return;
        }

        Report.Table(
            terminal,
            ["candidate", "fold", "learnt from", "tested on", "AUC ROC", "average precision", "card precision@100"],
            results.SelectMany(Folds));
        terminal.Out.WriteLine();
        terminal.Out.WriteLine("Chosen on the validation folds, and what the folds above gave (mean +/- population deviation):");
        Report.Table(
            terminal,
            ["candidate", "chosen by", "parameters", "AUC ROC", "average precision", "card precision@100"],
            results.SelectMany(result => Choices(protocol, result)));
        foreach (var result in results.Where(result => !result.Ablation.IsEmpty))
        {
            terminal.Out.WriteLine();
            terminal.Out.WriteLine($"What the features of {result.Candidate.Name} bring, means of the validation folds:");
            Report.Table(
                terminal,
                ["features", "how many", "AUC ROC", "average precision", "card precision@100"],
                result.Ablation.Select(row => (IReadOnlyList<string>)[row.Name, row.Features, .. Cells(row.Validation)]));
        }
    }

    private static IEnumerable<IReadOnlyList<string>> Folds(CandidateResult result)
    {
        foreach (var fold in result.Shown)
        {
            yield return
            [
                result.Candidate.Name,
                Text($"{fold.Start:yyyy-MM-dd}"),
                Text($"{fold.TrainRows:N0} / {fold.TrainFrauds}"),
                Text($"{fold.Metrics.Rows:N0} / {fold.Metrics.Frauds}"),
                .. Cells(MetricSummary.Of(fold.Metrics)),
            ];
        }

        var (mean, deviation) = (result.Mean, result.Deviation);
        yield return
        [
            result.Candidate.Name, "mean", "", "", Spread(mean.AucRoc, deviation.AucRoc),
            Spread(mean.AveragePrecision, deviation.AveragePrecision), Spread(mean.CardPrecision, deviation.CardPrecision),
        ];
    }

    private static IEnumerable<IReadOnlyList<string>> Choices(TrainingProtocol protocol, CandidateResult result)
    {
        var (mean, deviation) = (result.Mean, result.Deviation);
        yield return
        [
            result.Candidate.Name, ProtocolTexts.Of(protocol.Search.ChooseBy), result.Chosen.Text, Spread(mean.AucRoc, deviation.AucRoc),
            Spread(mean.AveragePrecision, deviation.AveragePrecision), Spread(mean.CardPrecision, deviation.CardPrecision),
        ];
        foreach (var choice in result.ByMetric)
        {
            string Cell(ChosenMetric metric) => choice.Metric == metric ? Spread(choice.Mean, choice.Deviation) : "";
            yield return
            [
                result.Candidate.Name, ProtocolTexts.Of(choice.Metric), choice.Chosen.Text, Cell(ChosenMetric.AucRoc),
                Cell(ChosenMetric.AveragePrecision), Cell(ChosenMetric.CardPrecision),
            ];
        }
    }

    private static object Document(CandidateResult result) => new
    {
        result.Candidate.Name,
        Chosen = result.Chosen.Text,
        result.Chosen.Validation,
        Folds = result.Shown.Select(fold => new { fold.Start, fold.TrainRows, fold.TrainFrauds, fold.Metrics }),
        result.Mean,
        result.Deviation,
        ByMetric = result.ByMetric.Select(
            choice => new { Metric = ProtocolTexts.Of(choice.Metric), Chosen = choice.Chosen.Text, choice.Mean, choice.Deviation }),
        Ablation = result.Ablation.AsEnumerable(),
    };

    private static string[] Cells(MetricSummary metrics) =>
        [Text($"{metrics.AucRoc:0.000}"), Text($"{metrics.AveragePrecision:0.000}"), Text($"{metrics.CardPrecision:0.000}")];

    private static string Spread(double mean, double deviation) => Text($"{mean:0.000} +/- {deviation:0.000}");

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
