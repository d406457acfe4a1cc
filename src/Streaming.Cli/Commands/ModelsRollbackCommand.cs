using Streaming.Cli.Shell;
using Streaming.Scoring.Registry;

namespace Streaming.Cli.Commands;

/// <summary><c>streaming models rollback</c>.</summary>
internal static class ModelsRollbackCommand
{
    /// <summary>Makes the command.</summary>
    public static CliCommand Create(Terminal terminal)
    {
        var command = new CliCommand("rollback", "Give an alias back to the version that had it before.")
        {
            Notes = ["A second rollback goes further back. Archived versions are passed over."],
            Examples = ["streaming models rollback fraud"],
        };
        var (model, alias) = (ModelsCommand.Model(), ModelsCommand.Alias());
        command.Add(model);
        command.Add(alias);
        var shared = new ModelsCommand(terminal, command);
        command.SetAction(async (parsed, cancellation) =>
        {
            using var registry = shared.Open(parsed);
            var name = RegistryNames.RequireAlias(parsed.GetValue(alias));
            var found = await registry.GetAsync(parsed.GetValue(model)!, cancellation);
            var previous = AliasHistory.PreviousOf(found, name);
            if (previous == 0)
            {
                throw new CliFailure(
                    ExitCode.Usage, $"no version of '{found.Name}' was the {name} before, or it is gone or archived; promote one instead");
            }

            await AliasReport.MoveAsync(shared, parsed, registry, found, new(name, previous, IsRollback: true), cancellation);
        });
        return command;
    }
}
