using System.CommandLine;
using Streaming.Cli.Shell;
using Streaming.Contracts.Events;
using Streaming.Ingest;
using Streaming.Scoring.ScoreLogs;

namespace Streaming.Cli.Commands;

/// <summary>The answers of a range of times, each once, for commands that go back to them.</summary>
internal sealed class LoggedAnswers(Terminal terminal, string fromName, string untilName)
{
    private readonly Option<string?> _from = CliOptions.Text(fromName, "TIME", "Answers from this time on. (default: a day ago)");
    private readonly Option<string?> _until = CliOptions.Text(untilName, "TIME", "Answers before this time. (default: now)");

    /// <summary>The options, for the command.</summary>
    public IReadOnlyList<Option> Options => [_from, _until];

    /// <summary>Whether any of the options is given.</summary>
    public bool IsGiven(ParseResult parsed) => (parsed.GetValue(_from) ?? parsed.GetValue(_until)) is not null;

    /// <summary>The times: the first, inclusive, and the last, exclusive.</summary>
    /// <exception cref="CliFailure">They are no times, or in the wrong order.</exception>
    public (long From, long Until) Range(ParseResult parsed)
    {
        var now = terminal.Time.GetUtcNow();
        var from = Times.Read(parsed, _from) ?? now.AddDays(-1).ToUnixTimeMilliseconds();
        var until = Times.Read(parsed, _until) ?? now.ToUnixTimeMilliseconds();
        return from < until
            ? (from, until)
            : throw new CliFailure(ExitCode.Usage, $"{fromName} is not before {untilName}: there is nothing between them");
    }

    /// <summary>The answers, oldest first, one that was logged twice once.</summary>
    /// <param name="connection">The log.</param>
    /// <param name="range">As <see cref="Range"/>.</param>
    /// <param name="isWanted">Which ones.</param>
    /// <param name="cancellation">Ends it.</param>
    public static async Task<List<Score>> ReadAsync(
        EventConnection connection, (long From, long Until) range, Func<Score, bool> isWanted, CancellationToken cancellation)
    {
        var answers = new Dictionary<(string Id, long At), Score>();
        await foreach (var score in new ScoreReader(connection.Log, connection.Registry).ReadAsync(range.From, range.Until, cancellation))
        {
            if (isWanted(score))
            {
                answers.TryAdd((score.ScoreId, score.AnsweredAt.Millis), score);
            }
        }

        return [.. answers.Values.OrderBy(static score => score.AnsweredAt.Millis)];
    }
}
