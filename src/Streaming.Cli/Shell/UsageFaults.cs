using System.CommandLine;
using Streaming.Hocon;

namespace Streaming.Cli.Shell;

/// <summary>What is wrong with a command line, in one line that says how to correct it.</summary>
internal static class UsageFaults
{
    /// <summary>The first mistake; null when there is none.</summary>
    public static string? First(ParseResult parsed)
    {
        var command = parsed.CommandResult.Command;
        var help = $"see {CommandWords.Path(command)} --help";
        if (parsed.UnmatchedTokens is [var token, ..])
        {
            return $"{Unmatched(command, token)}; {help}";
        }

        if (parsed.Errors is [var error, ..])
        {
            return IsBareGroup(command)
                ? $"{Where(command)}a command is missing: one of {Names(command)}; {help}"
                : $"{Where(command)}{error.Message.TrimEnd('.')}; {help}";
        }

        return null;
    }

    private static bool IsBareGroup(Command command) => command.Subcommands.Count > 0 && command.Action is null;

    private static string Unmatched(Command command, string token)
    {
        if (token.StartsWith('-'))
        {
            var name = token.Split('=', 2)[0];
            return $"{Where(command)}there is no option " +
                $"'{name}'{Suggest(name, CommandWords.Options(command).SelectMany(o => o.Aliases.Append(o.Name)))}";
        }

        return command.Subcommands.Count > 0
            ? $"{Where(command)}there is no command " +
                $"'{token}'{Suggest(token, command.Subcommands.Where(c => !c.Hidden).Select(c => c.Name), "; there are ")}"
            : $"{Where(command)}'{token}' is one argument too many";
    }

    private static string Where(Command command) => command is RootCommand ? "" : $"{CommandWords.Path(command)["streaming ".Length..]}: ";

    private static string Names(Command command) => string.Join(", ", command.Subcommands.Where(c => !c.Hidden).Select(c => c.Name));

    private static string Suggest(string found, IEnumerable<string> names, string? lead = null) =>
        NearestName.Phrase(found, names, lead, '\'');
}
