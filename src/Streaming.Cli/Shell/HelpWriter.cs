using System.CommandLine;

namespace Streaming.Cli.Shell;

/// <summary>Writes a command's help: what it does, how it is called, every option, examples.</summary>
internal sealed class HelpWriter(TextWriter output, int width)
{
    private const int Indent = 2;
    private const int LabelMax = 30;

    /// <summary>Writes the whole help.</summary>
    public void Write(Command command)
    {
        Paragraph(command.Description ?? "", 0);
        output.WriteLine();
        output.WriteLine($"Usage: {Usage(command)}");
        Section("Commands", command.Subcommands.Where(c => !c.Hidden).Select(c => (c.Name, c.Description ?? "")));
        Section("Arguments", command.Arguments.Select(a => (Label(a), a.Description ?? "")));
        Section("Options", Options(command).Select(o => (Label(o), o.Description ?? "")));
        if (command is CliCommand { Notes: var notes })
        {
            foreach (var note in notes)
            {
                output.WriteLine();
                Paragraph(note, 0);
            }
        }

        if (command is CliCommand { Examples: { IsEmpty: false } examples })
        {
            output.WriteLine();
            output.WriteLine("Examples:");
            foreach (var example in examples)
            {
                output.WriteLine($"  {example}");
            }
        }
    }

    /// <summary>Writes the help and answers <see cref="ExitCode.Ok"/>.</summary>
    public int WriteAndSucceed(Command command)
    {
        Write(command);
        return (int)ExitCode.Ok;
    }

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

    private static IEnumerable<Command> Ancestors(Command command) =>
        command.Parents.OfType<Command>().SelectMany(parent => Ancestors(parent).Prepend(parent));

    private static string Usage(Command command)
    {
        var words = new List<string> { Path(command) };
        words.AddRange(command.Options.Where(o => o.Required).Select(Label));
        words.AddRange(command.Arguments.Select(Label));
        words.Add(command.Subcommands.Count > 0 ? "COMMAND" : "[options]");
        return string.Join(' ', words);
    }

    private static string Label(Argument argument)
    {
        var name = argument.HelpName ?? argument.Name;
        name = argument.Arity.MaximumNumberOfValues > 1 ? name + "..." : name;
        return argument.Arity.MinimumNumberOfValues == 0 ? $"[{name}]" : name;
    }

    private static string Label(Option option)
    {
        var names = string.Join(", ", option.Aliases.Where(a => a is ['-', >= 'a' and <= 'z']).Append(option.Name));
        return option.HelpName is null ? names : $"{names} {option.HelpName}";
    }

    private void Section(string title, IEnumerable<(string Label, string Text)> rows)
    {
        var all = rows.ToList();
        if (all.Count == 0)
        {
            return;
        }

        output.WriteLine();
        output.WriteLine($"{title}:");
        var column = Math.Min(LabelMax, all.Max(r => r.Label.Length)) + Indent + 2;
        foreach (var (label, text) in all)
        {
            var head = new string(' ', Indent) + label;
            if (head.Length + 2 > column)
            {
                output.WriteLine(head);
                head = "";
            }

            var first = true;
            foreach (var line in Wrap(text, width - column))
            {
                output.WriteLine((first ? head : "").PadRight(column) + line);
                first = false;
            }
        }
    }

    private void Paragraph(string text, int indent)
    {
        foreach (var line in Wrap(text, width - indent))
        {
            output.WriteLine(new string(' ', indent) + line);
        }
    }

    private static IEnumerable<string> Wrap(string text, int width)
    {
        var line = "";
        foreach (var word in text.Split(' '))
        {
            if (line.Length > 0 && line.Length + 1 + word.Length > width)
            {
                yield return line;
                line = word;
            }
            else
            {
                line = line.Length == 0 ? word : $"{line} {word}";
            }
        }

        yield return line;
    }
}
