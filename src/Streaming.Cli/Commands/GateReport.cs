using System.Globalization;
using Streaming.Cli.Shell;
using Streaming.Hocon;
using Streaming.Offline.Gate;

namespace Streaming.Cli.Commands;

/// <summary>What the admission gate found, for people.</summary>
internal static class GateReport
{
    /// <summary>Prints all of it.</summary>
    public static void Print(Terminal terminal, GateResult result)
    {
        Report.Pairs(
            terminal,
            [
                ("model", result.File),
                ("compared with", result.Reference),
                ("largest difference", Summary(result)),
                ("verdict", result.Passed ? "passed" : "refused"),
            ]);
        terminal.Out.WriteLine();
        Report.Table(
            terminal,
            ["check", "verdict", "scores", "largest", "at row", "finding"],
            result.Checks.Select(check => (IReadOnlyList<string>)
            [
                check.Name,
                check.Passed ? "passed" : "refused",
                check.Compared.ToString("N0", CultureInfo.InvariantCulture),
                check.Largest is { } largest ? Number(largest.Difference) : "-",
                check.Largest?.Row.ToString(CultureInfo.InvariantCulture) ?? "-",
                check.Finding,
            ]));
    }

    /// <summary>The largest difference on the given rows, and where.</summary>
    public static string Summary(GateResult result) => string.Create(
        CultureInfo.InvariantCulture,
        $"{(result.Largest is { } largest ? At(largest) : "-")} of {Counted.Of(result.Rows, "row")}, bound {Number(result.Bound)}");

    /// <summary>Why a model is refused, a line a reason.</summary>
    public static IEnumerable<string> Refusal(GateResult result) => result.Fault is { } fault
        ? [fault]
        : result.Checks.Where(check => !check.Passed).Select(check => string.Create(
            CultureInfo.InvariantCulture,
            $"{result.File}: refused by its {check.Name}: it differs from {result.Reference} by {At(check.Largest!)}: " +
            $"expected {check.Largest!.Expected:g9}, it answers {check.Largest.Served:g9}; the bound is {Number(result.Bound)}" +
            $"{(check.Finding.Length == 0 ? "" : $" ({check.Finding})")}"));

    private static string At(GateDifference difference) =>
        string.Create(CultureInfo.InvariantCulture, $"{Number(difference.Difference)} at row {difference.Row}");

    private static string Number(double value) => value.ToString("g3", CultureInfo.InvariantCulture);
}
