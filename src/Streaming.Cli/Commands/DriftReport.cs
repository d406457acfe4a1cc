using System.Collections.Immutable;
using System.Globalization;
using Streaming.Cli.Shell;
using Streaming.Hocon;
using Streaming.Scoring.Drift;

namespace Streaming.Cli.Commands;

/// <summary>Prints how far features and scores have moved.</summary>
internal static class DriftReport
{
    private const int BarWidth = 10;

    /// <summary>Prints.</summary>
    public static void Print(Terminal terminal, bool json, string model, ImmutableArray<DriftFinding> findings)
    {
        if (json)
        {
            Report.Json(
                terminal, new { Model = model, DriftComparison.Definition, Features = findings.Select(BodyOf), Level = Worst(findings) });
            return;
        }

        Report.Table(
            terminal,
            ["feature", "psi", "", "bound", "js", "ks", "wasserstein", "outside", "missing", "in training", "drift"],
            findings.Select(Row));
        terminal.Out.WriteLine($"{model}, {Counted.Of(findings[0].Rows, "row")}: {Worst(findings)}. {DriftComparison.Definition}");
    }

    /// <summary>A bar of an index: full at twice the threshold of much.</summary>
    public static string Bar(double psi)
    {
        var cells = double.IsNaN(psi) ? 0 : (int)Math.Round(Math.Min(1, psi / (2 * DriftBound.Significant)) * BarWidth);
        return new string('#', cells) + new string('.', BarWidth - cells);
    }

    /// <summary>A level in words.</summary>
    public static string NameOf(DriftLevel level) => level switch
    {
        DriftLevel.TooFewRows => $"fewer than {DriftBound.RowsMin} rows",
        DriftLevel.None => "none",
        DriftLevel.Moderate => "moderate",
        _ => "significant",
    };

    private static string Worst(ImmutableArray<DriftFinding> findings) => NameOf(findings.Max(finding => finding.Level));

    // What is no number is null, as in GET /drift.
    private static object BodyOf(DriftFinding finding) => new
    {
        finding.Name,
        finding.Rows,
        Psi = Finite(finding.Psi),
        Bound = Finite(finding.Bound),
        JensenShannon = Finite(finding.JensenShannon),
        KolmogorovSmirnov = Finite(finding.KolmogorovSmirnov),
        Wasserstein = Finite(finding.Wasserstein),
        OutsideRate = Finite(finding.OutsideRate),
        MissingRate = Finite(finding.MissingRate),
        BaselineMissingRate = Finite(finding.BaselineMissingRate),
        MissingPsi = Finite(finding.MissingPsi),
        finding.Level,
    };

    private static double? Finite(double value) => double.IsFinite(value) ? value : null;

    private static string[] Row(DriftFinding finding) =>
    [
        finding.Name,
        Number(finding.Psi),
        Bar(finding.Psi),
        Number(finding.Bound),
        Number(finding.JensenShannon),
        Number(finding.KolmogorovSmirnov),
        Number(finding.Wasserstein),
        Share(finding.OutsideRate),
        Share(finding.MissingRate),
        Share(finding.BaselineMissingRate),
        NameOf(finding.Level),
    ];

    private static string Number(double value) => !double.IsFinite(value) ? "-" : value.ToString("0.000", CultureInfo.InvariantCulture);

    private static string Share(double value) => double.IsNaN(value) ? "-" : value.ToString("0.0 %", CultureInfo.InvariantCulture);
}
