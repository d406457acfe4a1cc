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
        output.WriteLine($"Usage: {CommandWords.Usage(command)}");
        Section("Commands", command.Subcommands.Where(c => !c.Hidden).Select(c => (c.Name, c.Description ?? "")));
        Section("Arguments", command.Arguments.Select(a => (CommandWords.Label(a), a.Description ?? "")));
        Section("Options", CommandWords.Options(command).Select(o => (CommandWords.Label(o), o.Description ?? "")));
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
