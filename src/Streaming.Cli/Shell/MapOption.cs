using System.CommandLine;
using Streaming.Offline.Parquet;

namespace Streaming.Cli.Shell;

/// <summary><c>--map</c>, the same in every command that reads events or features from files.</summary>
internal sealed class MapOption
{
    /// <summary>Added to the description where events have more than one source.</summary>
    public const string OfSeveralSources = " With several sources: SOURCE.FIELD=COLUMN.";

    private readonly Option<string?> _option;

    /// <summary>Adds the option to a command.</summary>
    public MapOption(Command command, string more = "")
        : this(command, "FIELD", "a field of the event", more)
    {
    }

    private MapOption(Command command, string name, string what, string more)
    {
        _option = CliOptions.Text("--map", $"{name}=COLUMN,...", $"The column that holds {what}, if their names differ.{more}");
        command.Add(_option);
    }

    /// <summary>Adds the option to a command that reads features from files.</summary>
    public static MapOption OfFeatures(Command command) => new(command, "FEATURE", "a feature", "");

    /// <summary>Reads the map.</summary>
    /// <exception cref="CliFailure">The text cannot be read.</exception>
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
