using System.Collections.Immutable;
using System.Globalization;
using Streaming.Cli.Shell;
using Streaming.Offline.Training.Protocols;

namespace Streaming.Cli.Commands;

/// <summary>Prints how a protocol's candidates did.</summary>
/// <param name="terminal">Where.</param>
/// <param name="json">As JSON, all at the end.</param>
/// <param name="protocol">The protocol.</param>
/// <param name="results">What became of its candidates.</param>
internal sealed class ComparisonReport(Terminal terminal, bool json, TrainingProtocol protocol, IReadOnlyList<CandidateResult> results)
{
    /// <summary>Prints what is left to say when all is done.</summary>
    /// <param name="written">The candidate that was written as a model; null for none.</param>
    public void End(WrittenCandidate? written)
    {
        if (json)
        {
            var model = written is null ? null : Document(written);
            Report.Json(terminal, new { Protocol = protocol.Name, Candidates = results.Select(Document), Model = model });
        }
        else if (written is not null)
        {
            terminal.Out.WriteLine();
            Report.Pairs(
                terminal,
                [
                    .. CandidateExport.Facts(written.Learnt),
                    .. TrainReport.Rows(written.Trained, written.Version, written.Registry),
                    ("to serve it", written.ToServe),
                ]);
        }
    }

    /// <summary>Prints the tables for people.</summary>
    public void Tables()
    {
        if (json)
        {
            return;
        }

        var metrics = ProtocolTexts.Metrics(protocol);
        Report.Table(
            terminal,
            ["candidate", "fold", "learnt from", "tested on", .. metrics.Select(ProtocolTexts.Of)],
            results.SelectMany(result => Folds(metrics, result)));
        terminal.Out.WriteLine();
        terminal.Out.WriteLine("Chosen on the validation folds, and what the folds above gave (mean +/- population deviation):");
        Report.Table(
            terminal,
            ["candidate", "chosen by", "parameters", .. metrics.Select(ProtocolTexts.Of)],
            results.SelectMany(result => Choices(protocol, result)));
        foreach (var result in results.Where(result => !result.Ablation.IsEmpty))
        {
            terminal.Out.WriteLine();
            terminal.Out.WriteLine($"What the features of {result.Candidate.Name} bring, means of the validation folds:");
            Report.Table(
                terminal,
                ["features", "how many", .. metrics.Select(ProtocolTexts.Of)],
                result.Ablation.Select(row => (IReadOnlyList<string>)[row.Name, row.Features, .. Cells(metrics, row.Validation)]));
        }
    }

    private static IEnumerable<IReadOnlyList<string>> Folds(ImmutableArray<ChosenMetric> metrics, CandidateResult result)
    {
        foreach (var fold in result.Shown)
        {
            yield return
            [
                result.Candidate.Name,
                Text($"{fold.Start:yyyy-MM-dd}"),
                Text($"{fold.TrainRows:N0} / {fold.TrainFrauds}"),
                Text($"{fold.Metrics.Rows:N0} / {fold.Metrics.Frauds}"),
                .. Cells(metrics, MetricSummary.Of(fold.Metrics)),
            ];
        }

        yield return [result.Candidate.Name, "mean", "", "", .. Means(metrics, result)];
    }

    private static IEnumerable<IReadOnlyList<string>> Choices(TrainingProtocol protocol, CandidateResult result)
    {
        var metrics = ProtocolTexts.Metrics(protocol);
        yield return
        [
            result.Candidate.Name, ProtocolTexts.Of(protocol.Search.ChooseBy), result.Chosen.Text, .. Means(metrics, result),
        ];
        foreach (var choice in result.ByMetric)
        {
            string Cell(ChosenMetric metric) => choice.Metric == metric ? Spread(choice.Mean, choice.Deviation) : "";
            yield return
            [
                result.Candidate.Name, ProtocolTexts.Of(choice.Metric), choice.Chosen.Text, .. metrics.Select(Cell),
            ];
        }
    }

    private static object Document(WrittenCandidate written) => new
    {
        Candidate = written.Learnt.Candidate.Name,
        Written = TrainReport.Document(written.Trained, written.Version),
        written.Learnt.Decisions.Thresholds,
        written.ToServe,
    };

    private static object Document(CandidateResult result) => new
    {
        result.Candidate.Name,
        Chosen = result.Chosen.Text,
        result.Chosen.Validation,
        Tried = result.Tried.Select(point => new { point.Text, point.Rounds, point.Folds }),
        Folds = result.Shown.Select(fold => new { fold.Start, fold.TrainRows, fold.TrainFrauds, fold.Metrics }),
        result.Mean,
        result.Deviation,
        ByMetric = result.ByMetric.Select(
            choice => new { Metric = ProtocolTexts.Of(choice.Metric), Chosen = choice.Chosen.Text, choice.Mean, choice.Deviation }),
        Ablation = result.Ablation.AsEnumerable(),
    };

    private static IEnumerable<string> Means(ImmutableArray<ChosenMetric> metrics, CandidateResult result) =>
        metrics.Select(metric => Spread(result.Mean.By(metric), result.Deviation.By(metric)));

    private static IEnumerable<string> Cells(ImmutableArray<ChosenMetric> metrics, MetricSummary summary) =>
        metrics.Select(metric => Text($"{summary.By(metric):0.000}"));

    private static string Spread(double mean, double deviation) => Text($"{mean:0.000} +/- {deviation:0.000}");

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
