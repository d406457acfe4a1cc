using System.CommandLine;
using Streaming.Scoring.Requests;

namespace Streaming.Cli.Shell;

/// <summary>Options that are times.</summary>
internal static class Times
{
    /// <summary>What an option says, in milliseconds; null if it is not given.</summary>
    /// <exception cref="CliFailure">It is no time.</exception>
    public static long? Read(ParseResult parsed, Option<string?> option) =>
        parsed.GetValue(option) is not { } text ? null
        : Instants.TryParse(text, out var millis) ? millis
        : throw new CliFailure(ExitCode.Usage, $"{option.Name} is '{text}', expected {Instants.Expected}");
}
