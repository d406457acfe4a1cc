using Streaming.Cli.Settings;
using Streaming.Cli.Shell;

namespace Streaming.Cli.Commands;

/// <summary><c>streaming models archive</c>.</summary>
internal static class ModelsArchiveCommand
{
    /// <summary>Makes the command.</summary>
    public static CliCommand Create(Terminal terminal)
    {
        var command = new CliCommand("archive", "Put a version away, so that it cannot be promoted any more.")
        {
            Notes = ["Its files stay, so that past scores can be explained. A version that an alias names is refused."],
            Examples = ["streaming models archive fraud 1"],
        };
        var (model, version) = (ModelsCommand.Model(), ModelsCommand.Version());
        command.Add(model);
        command.Add(version);
        var shared = new ModelsCommand(terminal, command);
        command.SetAction(async (parsed, cancellation) =>
        {
            using var registry = shared.Open(parsed);
            var found = await registry.GetAsync(parsed.GetValue(model)!, cancellation);
            var archived = VersionText.Find(found, parsed.GetValue(version)!);
            await registry.ArchiveAsync(found.Name, archived.Version, Registries.UserOf(terminal), cancellation);
            if (shared.IsJson(parsed))
            {
                Report.Json(terminal, new { Model = found.Name, archived.Version, IsArchived = true });
                return;
            }

            terminal.Out.WriteLine($"version {archived.Version} of '{found.Name}' is archived");
        });
        return command;
    }
}
