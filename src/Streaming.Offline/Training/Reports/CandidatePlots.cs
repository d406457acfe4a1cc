using System.Globalization;
using OxyPlot.Axes;
using OxyPlot.Legends;
using Streaming.Offline.Training.Calibrators;
using Streaming.Offline.Training.Costs;
using Streaming.Offline.Training.Protocols;

namespace Streaming.Offline.Training.Reports;

/// <summary>The plots of one candidate, a line a test fold.</summary>
internal sealed class CandidatePlots(TrainingProtocol protocol, CandidateResult result, DecisionResult decisions)
{
    private const int FeaturesMax = 20;
    private const int ScoreBins = 40;
    private readonly string _positives = ProtocolTexts.Positives(protocol);

    /// <summary>All of them: a name for the file, a title and the SVG.</summary>
    public IEnumerable<(string Name, string Title, string Svg)> All()
    {
        var found = Plot.Left($"{_positives} found", 0, 1);
        yield return ("roc", "ROC", Lines("ROC", Plot.Bottom("false positives"), found, CurvePoints.Roc, LegendPosition.RightBottom));
        var (recall, precision) = (Plot.Bottom("recall"), Plot.Left("precision", 0, 1));
        yield return (
            "precision-recall",
            "Precision and recall",
            Lines("Precision and recall", recall, precision, CurvePoints.PrecisionRecall, LegendPosition.RightTop));
        var share = Plot.Powers(AxisPosition.Bottom, "share of rows");
        yield return (
            "lift", "Lift", Lines("Lift over a draw by lot", share, Plot.Left("lift"), CurvePoints.Lift, LegendPosition.RightTop));
        yield return ("calibration", "Calibration", Calibration());
        yield return ("scores", "Scores", Scores());
        yield return ("importance", "Importance", Importance());
        if (protocol.Costs is { } costs)
        {
            yield return ("costs", "Costs", Costs(costs));
        }
    }

    private string Lines(
        string title, Axis x, Axis y, Func<float[], double[], List<(double X, double Y)>> curve, LegendPosition legend) =>
        Plot.Lines(Titled(title), x, y, result.Shown.Select(fold => (Name(fold), curve(fold.Rows.Labels, fold.Scores))), legend);

    private string Calibration()
    {
        var lines = result.Shown
            .Select((fold, i) => (Name(fold), Points(ScoreErrors.Reliability(fold.Rows.Labels, decisions.Scores[i]))))
            .Prepend(("as it should be", [(1e-4, 1e-4), (1.0, 1.0)]));
        return Plot.Lines(
            Titled("Calibration"),
            Plot.Powers(AxisPosition.Bottom, "mean calibrated score"),
            Plot.Powers(AxisPosition.Left, $"share of {_positives}"),
            lines,
            LegendPosition.LeftTop);

        // Both axes are logarithmic.
        static List<(double X, double Y)> Points(List<(double Score, double Share, int Rows)> bins) =>
            [.. bins.Where(bin => bin.Score > 0 && bin.Share > 0).Select(bin => (bin.Score, bin.Share))];
    }

    private string Scores() => Plot.Lines(
        Titled("Scores before calibration"),
        Plot.Bottom("score"),
        Plot.Powers(AxisPosition.Left, "rows, at least 1"),
        from fold in result.Shown
        from label in (float[])[0, 1]
        select ($"{Name(fold)} {(label == 1 ? _positives : "others")}", Histogram(fold, label)),
        LegendPosition.RightTop);

    private static List<(double X, double Y)> Histogram(FoldResult fold, float label)
    {
        var counts = new int[ScoreBins];
        for (var row = 0; row < fold.Scores.Length; row++)
        {
            counts[Math.Min(ScoreBins - 1, (int)(fold.Scores[row] * ScoreBins))] += fold.Rows.Labels[row] == label ? 1 : 0;
        }

        return [.. counts.Select((count, bin) => ((bin + 0.5) / ScoreBins, (double)Math.Max(1, count)))];
    }

    private string Importance() => Plot.Bars(
        Titled("Importance"),
        "share, mean of the validation folds",
        [.. result.Features.Zip(result.Importance).OrderByDescending(pair => pair.Second).Take(FeaturesMax)]);

    private string Costs(DecisionCosts costs)
    {
        var lines = result.Shown.SelectMany((fold, i) =>
        {
            var curve = CostCurve.Of(DecisionResult.Rows(costs, fold, decisions.Scores[i]), costs.FalseAlarm, costs.Review);
            var shown = curve.Where(point => point.Score > 0).ToArray();
            return new[]
            {
                ($"{Name(fold)} declined", shown.Select(point => (point.Score, point.Declined)).ToList()),
                ($"{Name(fold)} reviewed", shown.Select(point => (point.Score, point.Reviewed)).ToList()),
            };
        });
        var highest = decisions.Costs.Max(fold => fold.ApproveAll);
        return Plot.Lines(
            Titled("Cost of one threshold"),
            Plot.Powers(AxisPosition.Bottom, "calibrated score from which on all is declined, or reviewed"),
            Plot.Left("cost of a fold", 0, highest * 1.2),
            lines,
            LegendPosition.RightTop);
    }

    private string Titled(string title) => $"{title}: {result.Candidate.Name}";

    private static string Name(FoldResult fold) => fold.Start.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
