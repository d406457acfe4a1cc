using System.CommandLine;
using Streaming.Cli.Shell;

namespace Streaming.Cli.Settings;

/// <summary><c>--config</c>, the same in every command that reads settings.</summary>
internal sealed class ConfigOption
{
    private const string Standard = "akka.hocon";
    private readonly Option<string?> _option = CliOptions.Text("--config", "FILE", "The operator's settings.", Standard);
    private readonly Terminal _terminal;

    /// <summary>Adds the option to a command.</summary>
    public ConfigOption(Terminal terminal, Command command)
    {
        _terminal = terminal;
        command.Add(_option);
    }

    /// <summary>The file that they are read from, if it is there.</summary>
    public string File(ParseResult parsed) => parsed.GetValue(_option)!;

    /// <summary>Reads the settings.</summary>
    public CliSettings Load(ParseResult parsed)
    {
        var asked = parsed.GetResult(_option) is { Implicit: false };
        return CliSettings.Load(File(parsed), asked, _terminal.Environment);
    }
}
