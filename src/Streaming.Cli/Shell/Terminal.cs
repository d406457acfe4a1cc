using Spectre.Console;

namespace Streaming.Cli.Shell;

/// <summary>What a command uses of its process: output, clock and environment. Tests replace it.</summary>
internal sealed class Terminal
{
    private const int WidthWhenPiped = 160;

    /// <summary>Results.</summary>
    public required TextWriter Out { get; init; }

    /// <summary>Errors, notes and progress.</summary>
    public required TextWriter Error { get; init; }

    /// <summary>Whether a person watches <see cref="Error"/>, so that progress may be a bar.</summary>
    public bool ErrorIsTerminal { get; init; }

    /// <summary>Columns of text.</summary>
    public int Width { get; init; } = WidthWhenPiped;

    /// <summary>The clock.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Looks up an environment variable.</summary>
    public Func<string, string?> Environment { get; init; } = System.Environment.GetEnvironmentVariable;

    /// <summary>Lets other processes go first, where this one works beside a node.</summary>
    public Action GiveWay { get; init; } = static () => { };

    /// <summary>The terminal that this process was started from.</summary>
    public static Terminal OfThisProcess() => new()
    {
#pragma warning disable RS0030 // The one place that knows the console.
        Out = Console.Out,
        Error = Console.Error,
        ErrorIsTerminal = !Console.IsErrorRedirected,
        GiveWay = Niceness.GiveWay,
        Width = Console.IsOutputRedirected ? WidthWhenPiped : Math.Clamp(Console.WindowWidth, 60, WidthWhenPiped),
#pragma warning restore RS0030
    };

    /// <summary>A console for tables, on <see cref="Out"/>; without colours, so that a pipe and a screen show the same text.</summary>
    public IAnsiConsole Tables() => Create(Out, ansi: false);

    /// <summary>A console for progress, on <see cref="Error"/>.</summary>
    public IAnsiConsole Progress() => Create(Error, ErrorIsTerminal);

    /// <summary>One line for a person who watches; never part of the result.</summary>
    public void Note(string line) => Error.WriteLine(line);

    private IAnsiConsole Create(TextWriter writer, bool ansi)
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = ansi ? AnsiSupport.Detect : AnsiSupport.No,
            ColorSystem = ansi ? ColorSystemSupport.Detect : ColorSystemSupport.NoColors,
            Interactive = ansi ? InteractionSupport.Detect : InteractionSupport.No,
            Out = new AnsiConsoleOutput(writer),
        });
        console.Profile.Width = Width;
        return console;
    }
}
