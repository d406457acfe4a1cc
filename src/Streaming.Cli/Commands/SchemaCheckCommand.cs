using System.CommandLine;
using Streaming.Cli.Shell;
using Streaming.Contracts.Schemas;
using Streaming.Hocon;

namespace Streaming.Cli.Commands;

/// <summary><c>streaming schema check</c>.</summary>
internal static class SchemaCheckCommand
{
    /// <summary>Makes the command.</summary>
    public static CliCommand Create(Terminal terminal)
    {
        var command = new CliCommand("check", "Check that today's schemas read every version that was released (BACKWARD, transitive).")
        {
            Notes =
            [
                "Released versions are files: history/NAME.vN.avsc beside NAME.avsc; docs/schemas.md says when to add one. The exit " +
                "code is 4 when a schema cannot read a released version, or when an event has no released version and --new does not " +
                "name it.",
            ],
            Examples = ["streaming schema check", "streaming schema check --schemas ../other/schemas/events --json"],
        };
        var (directory, json) = SchemaCommand.AddOptions(command);
        var unreleased = new Option<string[]>("--new")
        {
            HelpName = "EVENT",
            Description = "An event that has no released version yet; may be given several times.",
        };
        command.Add(unreleased);
        command.SetAction(parsed =>
        {
            var schemas = SchemaHistory.Read(parsed.GetValue(directory)!);
            Report(terminal, schemas, Unreleased(schemas, parsed.GetValue(unreleased) ?? []), parsed.GetValue(json));
        });
        return command;
    }

    private static void Report(
        Terminal terminal, IReadOnlyCollection<SchemaHistory> schemas, IReadOnlyCollection<SchemaHistory> missing, bool json)
    {
        var breaks = schemas.SelectMany(schema => schema.Breaks().Select(found => (schema, found.Version, found.What))).ToList();
        var released = schemas.Sum(schema => schema.Released.Length);
        if (json)
        {
            Shell.Report.Json(terminal, new
            {
                Checked = released,
                Unreleased = missing.Select(schema => schema.Name),
                Incompatible = breaks.Select(found => new
                {
                    Event = found.schema.Name,
                    found.Version?.Version,
                    Kind = found.What.Kind.ToString(),
                    found.What.Path,
                    found.What.What,
                    found.What.Fix,
                }),
            });
        }

        string[] faults =
        [
            .. missing.Select(NoVersion),
            .. breaks.Select(found => $"{found.schema.File}: {CannotRead(found.Version)}{found.What}"),
        ];
        if (faults.Length > 0)
        {
            throw new CliFailure(ExitCode.Different, [.. faults]);
        }

        if (!json)
        {
            terminal.Out.WriteLine(
                $"{Counted.Of(schemas.Count, "schema")} read{(schemas.Count == 1 ? "s" : "")} all " +
                Counted.Of(released, "released version"));
        }
    }

    /// <summary>
    /// Events without a released version that --new does not name: a missing history must not pass as compatible.
    /// </summary>
    private static List<SchemaHistory> Unreleased(IReadOnlyCollection<SchemaHistory> schemas, string[] expected)
    {
        foreach (var name in expected)
        {
            if (!schemas.Any(schema => schema.Name == name && schema.Released.IsEmpty))
            {
                throw new CliFailure(
                    ExitCode.Usage, $"--new {name}: there is no event of this name, or it has released versions; leave the option out");
            }
        }

        return [.. schemas.Where(schema => schema.Released.IsEmpty && !expected.Contains(schema.Name))];
    }

    private static string NoVersion(SchemaHistory schema) =>
        $"{schema.File}: {schema.Name} has no released version to compare with; put the released schema at {schema.FirstVersionFile}, " +
        $"or give --new {schema.Name} until its first release";

    private static string CannotRead(SchemaVersion? version) =>
        version is null ? "" : $"cannot read version {version.Version} ({version.File}): ";
}
