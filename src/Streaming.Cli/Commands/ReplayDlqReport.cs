using Streaming.Cli.Shell;
using Streaming.Engine;
using Streaming.Engine.Replays;

namespace Streaming.Cli.Commands;

/// <summary>Prints what a replay did with dead letters.</summary>
internal static class ReplayDlqReport
{
    /// <summary>Prints.</summary>
    /// <param name="terminal">Where.</param>
    /// <param name="json">As JSON.</param>
    /// <param name="letters">The dead letters, with what became of each.</param>
    /// <param name="isRead">Whether a node has read the events; null if there are none to read.</param>
    public static void Print(Terminal terminal, bool json, List<ReplayedLetter> letters, bool? isRead)
    {
        if (json)
        {
            Report.Json(terminal, new { NodeHasRead = isRead, DeadLetters = letters.Select(Body) });
            return;
        }

        if (letters.Count == 0)
        {
            terminal.Out.WriteLine("there are no such dead letters");
            return;
        }

        Report.Table(
            terminal,
            ["origin", "reason", "outcome", "now at", "detail"],
            letters.Select(letter => (IReadOnlyList<string>)
            [
                letter.Origin.ToString(), letter.Reason, Text(letter.Outcome), letter.At?.ToString() ?? "-", Mask.Text(letter.Detail),
            ]));
        terminal.Out.WriteLine(string.Join(", ", letters.GroupBy(letter => letter.Outcome).OrderBy(group => group.Key)
            .Select(group => FormattableString.Invariant($"{group.Count():N0} {Text(group.Key)}"))));
        if (isRead == false)
        {
            terminal.Out.WriteLine("no node has read the events yet: whether one fails again shows in 'streaming dead-letters'");
        }
    }

    private static object Body(ReplayedLetter letter) => new
    {
        Origin = letter.Origin.ToString(),
        letter.Reason,
        Outcome = Text(letter.Outcome).Replace(' ', '_'),
        At = letter.At?.ToString(),
        Detail = letter.Detail.Length > 0 ? Mask.Text(letter.Detail) : null,
    };

    private static string Text(ReplayOutcome outcome) => outcome switch
    {
        ReplayOutcome.Replayed => "replayed",
        ReplayOutcome.WouldReplay => "would be replayed",
        ReplayOutcome.StillBad => "still bad",
        ReplayOutcome.FailedAgain => "failed again",
        ReplayOutcome.AlreadyReplayed => "already replayed",
        _ => "skipped",
    };
}
