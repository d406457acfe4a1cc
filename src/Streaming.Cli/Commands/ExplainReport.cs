using System.Collections.Immutable;
using System.Globalization;
using Streaming.Cli.Shell;
using Streaming.Engine;
using Streaming.Hocon;
using Streaming.Node.Parity;

namespace Streaming.Cli.Commands;

/// <summary>Prints answers that were derived again.</summary>
internal sealed class ExplainReport(Terminal terminal, AnsweringVersions versions, bool json)
{
    private const int ShownMax = 20;

    /// <summary>One answer, feature by feature.</summary>
    public void PrintOne(RederivedScore derived)
    {
        var (logged, names) = (derived.Logged, NamesOf(derived));
        if (json)
        {
            Report.Json(terminal, Body(derived));
            return;
        }

        Report.Pairs(
            terminal,
            [
                ("answer", logged.ScoreId),
                ("card", Mask.Key(logged.CardId)),
                ("read at", logged.Ts.ToString()),
                ("answered at", logged.AnsweredAt.ToString()),
                ("model", $"{logged.Model}@{logged.ModelVersion}"),
                ("score", $"{Text(logged.Value)}, derived again {(derived.Score is { } score ? Text(score) : "-")}"),
                ("decision", $"{logged.Decision}, derived again {derived.Decision ?? "-"}"),
                ("reasons", logged.Reasons.IsEmpty ? "-" : string.Join(", ", logged.Reasons)),
            ]);
        if (derived.Vector is { } vector && vector.Length == logged.Features.Length)
        {
            terminal.Out.WriteLine();
            Report.Table(
                terminal,
                ["feature", "logged", "derived again", ""],
                names.Select((name, i) => (IReadOnlyList<string>)
                [
                    name, Text(logged.Features[i]), Text(vector[i]), logged.Features[i].Equals((double)vector[i]) ? "" : "differs",
                ]));
        }

        terminal.Out.WriteLine(derived.IsSame ? "the same, bit for bit"
            : derived.Differences.IsEmpty ? $"not all could be compared: {derived.Note}"
            : $"{Counted.Of(derived.Differences.Length, "difference")}{(derived.Note is { } note ? $"; {note}" : "")}");
    }

    /// <summary>Many answers: how many are the same, and the first that are not.</summary>
    public void PrintAll(IReadOnlyList<RederivedScore> derived)
    {
        var same = derived.Count(static each => each.IsSame);
        var differ = derived.Where(static each => !each.Differences.IsEmpty).ToArray();
        var notes = derived.Where(static each => each.Differences.IsEmpty && each.Note is not null)
            .GroupBy(static each => each.Note!)
            .Select(static group => new { Reason = group.Key, Answers = group.Count() })
            .ToArray();
        if (json)
        {
            Report.Json(
                terminal,
                new
                {
                    Answers = derived.Count,
                    Same = same,
                    Different = differ.Length,
                    NotCompared = notes,
                    Differing = differ.Select(Body),
                });
            return;
        }

        PrintDiffering(differ);
        foreach (var note in notes)
        {
            terminal.Out.WriteLine($"{Counted.Of(note.Answers, "answer")} not compared in full: {note.Reason}");
        }

        terminal.Out.WriteLine(
            $"{Counted.Of(derived.Count, "answer")}: {same} the same bit for bit, {Counted.Of(differ.Length, "difference")}");
    }

    private void PrintDiffering(RederivedScore[] differ)
    {
        foreach (var each in differ.Take(ShownMax))
        {
            var what = each.Differences.Select(difference => $"{difference.What} {difference.Logged}, derived again {difference.Today}");
            terminal.Out.WriteLine($"{each.Logged.ScoreId}: {string.Join("; ", what)}");
        }

        if (differ.Length > ShownMax)
        {
            terminal.Out.WriteLine(string.Create(CultureInfo.InvariantCulture, $"... and {differ.Length - ShownMax:N0} more"));
        }
    }

    private ImmutableArray<string> NamesOf(RederivedScore derived) => versions.Of(derived.Logged).Service.FeatureNames;

    private object Body(RederivedScore derived) => new
    {
        derived.Logged.ScoreId,
        Ts = derived.Logged.Ts.ToString(),
        AnsweredAt = derived.Logged.AnsweredAt.ToString(),
        Model = $"{derived.Logged.Model}@{derived.Logged.ModelVersion}",
        derived.Logged.Service,
        Score = derived.Logged.Value,
        derived.Logged.Decision,
        derived.Logged.Reasons,
        Features = derived.Logged.Features.Length == NamesOf(derived).Length
            ? NamesOf(derived).Zip(derived.Logged.Features).ToDictionary(pair => pair.First, pair => pair.Second)
            : null,
        Derived = new { derived.Score, derived.Decision, Features = derived.Vector },
        derived.IsSame,
        derived.Differences,
        derived.Note,
    };

    private static string Text(double number) => number.ToString("R", CultureInfo.InvariantCulture);
}
