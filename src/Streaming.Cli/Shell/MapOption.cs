using System.CommandLine;
using Streaming.Offline.Parquet;

namespace Streaming.Cli.Shell;

/// <summary><c>--map</c>, the same in every command that reads events from files.</summary>
internal sealed class MapOption
{
    /// <summary>What is said of it where events are of more than one source.</summary>
    public const string OfSeveralSources = " Where there are several sources: SOURCE.FIELD=COLUMN.";

    private readonly Option<string?> _option;

    /// <summary>Adds the option to a command.</summary>
    public MapOption(Command command, string more = "")
    {
        _option = CliOptions.Text("--map", "FIELD=COLUMN,...", "Which column holds a field of the event, where their names differ." + more);
        command.Add(_option);
    }

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
