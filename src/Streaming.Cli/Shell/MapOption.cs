using System.CommandLine;
using Streaming.Offline.Parquet;

namespace Streaming.Cli.Shell;

/// <summary><c>--map</c>, the same in every command that reads events from files.</summary>
internal sealed class MapOption
{
    private readonly Option<string?> _option = CliOptions.Text("--map", "FIELD=COLUMN,...", "Which column holds a field of the event, where their names differ.");

    /// <summary>Adds the option to a command.</summary>
    public MapOption(Command command) => command.Add(_option);

    /// <summary>Reads the map.</summary>
    /// <exception cref="CliFailure">It is none.</exception>
    public ColumnMap Read(ParseResult parsed)
    {
        try
        {
            return parsed.GetValue(_option) is { } text ? ColumnMap.Parse(text) : ColumnMap.Empty;
        }
        catch (FormatException error)
        {
            throw new CliFailure(ExitCode.Usage, $"--{error.Message}", error);
        }
    }
}
