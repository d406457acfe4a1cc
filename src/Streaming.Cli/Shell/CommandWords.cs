using System.CommandLine;

namespace Streaming.Cli.Shell;

/// <summary>The words of a command line: how a command, its arguments and its options are written.</summary>
internal static class CommandWords
{
    /// <summary>The words that call a command.</summary>
    public static string Path(Command command)
    {
        var names = new Stack<string>();
        for (Symbol? at = command; at is Command; at = at.Parents.OfType<Command>().FirstOrDefault())
        {
            names.Push(at is RootCommand ? "streaming" : at.Name);
        }

        return string.Join(' ', names);
    }

    /// <summary>A command's own options and those that every command has.</summary>
    public static IEnumerable<Option> Options(Command command) =>
        command.Options.Concat(Ancestors(command).SelectMany(c => c.Options).Where(o => o.Recursive))
            .Where(o => !o.Hidden)
            .DistinctBy(o => o.Name);

    /// <summary>How a command is called.</summary>
    public static string Usage(Command command)
    {
        var words = new List<string> { Path(command) };
        words.AddRange(command.Options.Where(o => o.Required).Select(Label));
        words.AddRange(command.Arguments.Select(Label));
        words.Add(command.Subcommands.Count > 0 ? "COMMAND" : "[options]");
        return string.Join(' ', words);
    }

    /// <summary>An argument as help shows it.</summary>
    public static string Label(Argument argument)
    {
        var name = argument.HelpName ?? argument.Name;
        name = argument.Arity.MaximumNumberOfValues > 1 ? name + "..." : name;
        return argument.Arity.MinimumNumberOfValues == 0 ? $"[{name}]" : name;
    }

    /// <summary>An option as help shows it, with its short names.</summary>
    public static string Label(Option option)
    {
        var names = string.Join(", ", option.Aliases.Where(a => a is ['-', >= 'a' and <= 'z']).Append(option.Name));
        return option.HelpName is null ? names : $"{names} {option.HelpName}";
    }

    private static IEnumerable<Command> Ancestors(Command command) =>
        command.Parents.OfType<Command>().SelectMany(parent => Ancestors(parent).Prepend(parent));
}
