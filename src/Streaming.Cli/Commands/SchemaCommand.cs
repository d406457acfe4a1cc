using System.CommandLine;
using Streaming.Cli.Shell;

namespace Streaming.Cli.Commands;

/// <summary><c>streaming schema</c>.</summary>
internal static class SchemaCommand
{
    private const string Standard = "schemas/events";

    /// <summary>Makes the commands.</summary>
    public static Command Create(Terminal terminal) => new CliCommand("schema", "List the event schemas, and check how they may change.")
    {
        SchemaListCommand.Create(terminal),
        SchemaCheckCommand.Create(terminal),
    };

    /// <summary>The options of every subcommand.</summary>
    internal static (Option<string?> Directory, Option<bool> Json) AddOptions(CliCommand command)
    {
        var directory = CliOptions.Text("--schemas", "DIR", "Where the schemas are.", Standard);
        var json = CliOptions.Json();
        command.Add(directory);
        command.Add(json);
        return (directory, json);
    }
}
