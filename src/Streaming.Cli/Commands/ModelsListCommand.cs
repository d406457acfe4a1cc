using Streaming.Cli.Shell;
using Streaming.Scoring.Registry;

namespace Streaming.Cli.Commands;

/// <summary><c>streaming models list</c>.</summary>
internal static class ModelsListCommand
{
    /// <summary>Makes the command.</summary>
    public static CliCommand Create(Terminal terminal)
    {
        var command = new CliCommand("list", "List the registered models with their versions and aliases.")
        {
            Notes =
            [
                "The registry is the MLflow server that MLFLOW_TRACKING_URI names, or the folder streaming.models.registry, by default " +
                "data/models.",
            ],
            Examples = ["streaming models list", "streaming models list --json"],
        };
        var shared = new ModelsCommand(terminal, command);
        command.SetAction(async (parsed, cancellation) =>
        {
            using var registry = shared.Open(parsed);
            var models = await registry.ListAsync(cancellation);
            if (shared.IsJson(parsed))
            {
                Report.Json(terminal, models.Select(VersionText.Json));
                return;
            }

            if (models.IsEmpty)
            {
                terminal.Out.WriteLine($"{registry.Location} has no models yet; 'streaming train fraud' makes one");
                return;
            }

            Report.Table(
                terminal,
                ["model", "version", "aliases", "service", "registered", "by", "metrics"],
                models.SelectMany(model => model.Versions.Reverse().Select(version => RowOf(model, version))));
        });
        return command;
    }

    private static IReadOnlyList<string> RowOf(RegisteredModel model, ModelVersion version) =>
    [
        model.Name,
        VersionText.Number(version),
        VersionText.Names(model, version),
        VersionText.OrDash(version.FeatureService),
        VersionText.Time(version.CreatedAt),
        VersionText.OrDash(version.User),
        VersionText.Metrics(version),
    ];
}
