using System.Globalization;
using Streaming.Cli.Shell;
using Streaming.Hocon;
using Streaming.Scoring.Definitions;

namespace Streaming.Cli.Commands;

/// <summary>Prints past traffic under other decisions.</summary>
internal static class WhatIfReport
{
    /// <summary>Prints.</summary>
    /// <param name="terminal">Where.</param>
    /// <param name="json">As JSON.</param>
    /// <param name="of">The model whose answers they were.</param>
    /// <param name="model">The model that decides again, with its version.</param>
    /// <param name="thresholds">Its thresholds.</param>
    /// <param name="tally">The figures.</param>
    public static void Print(Terminal terminal, bool json, string of, string model, Thresholds thresholds, WhatIfTally tally)
    {
        if (json)
        {
            Report.Json(terminal, new
            {
                Of = of,
                Model = model,
                Thresholds = thresholds,
                tally.Answers,
                tally.Labelled,
                tally.Unscored,
                tally.Then,
                tally.Now,
                Changes = tally.Changes,
            });
            return;
        }

        Report.Table(
            terminal,
            ["", "approved", "reviewed", "declined", "caught", "blocked wrongly", "missed"],
            [Row($"as answered by {of}", tally.Then), Row($"with {model}, {Text(thresholds)}", tally.Now)]);
        terminal.Out.WriteLine();
        Report.Table(
            terminal,
            ["decision", "becomes", "answers", "amount", "frauds", "fraud amount"],
            tally.Changes.Select(change => (IReadOnlyList<string>)
            [
                change.Then, change.Now, Count(change.Answers), Money(change.Amount), Count(change.Frauds), Money(change.FraudAmount),
            ]));
        terminal.Out.WriteLine(
            $"{Counted.Of(tally.Answers, "answer")}, {Count(tally.Labelled)} with a label, " +
            $"{Counted.Of(tally.Changes.Sum(static change => change.Answers), "decision")} changed" +
            (tally.Unscored > 0 ? $"; {Count(tally.Unscored)} could not be scored again" : ""));
    }

    private static IReadOnlyList<string> Row(string name, DecisionOutcome outcome) =>
    [
        name,
        Count(outcome.Decisions["approve"]),
        Count(outcome.Decisions["review"]),
        Count(outcome.Decisions["decline"]),
        Money(outcome.Caught),
        Money(outcome.BlockedWrongly),
        Money(outcome.Missed),
    ];

    private static string Money(double value) => value.ToString("N2", CultureInfo.InvariantCulture);

    private static string Count(long value) => value.ToString("N0", CultureInfo.InvariantCulture);

    private static string Text(Thresholds thresholds) =>
        string.Create(CultureInfo.InvariantCulture, $"review from {thresholds.Review}, decline from {thresholds.Decline}");
}
