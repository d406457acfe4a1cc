using System.Globalization;
using Streaming.Cli.Settings;
using Streaming.Cli.Shell;
using Streaming.Features.Plans;

namespace Streaming.Cli.Commands;

/// <summary><c>streaming features list</c>: every feature that is declared.</summary>
internal static class FeaturesListCommand
{
    /// <summary>Makes the command.</summary>
    public static CliCommand Create(Terminal terminal)
    {
        var command = new CliCommand("list", "List every feature of every feature view, and the feature services.")
        {
            Notes =
            [
                "Compiles schemas/features. A mistake in a definition is reported with its file, line and column; the exit code is then 2.",
            ],
            Examples = ["streaming features list", "streaming features list --json"],
        };
        var json = CliOptions.Json();
        command.Add(json);
        var config = new ConfigOption(terminal, command);
        command.SetAction(parsed =>
            Print(terminal, Definitions.Features(config.Load(parsed).Node.FeaturesDirectory), parsed.GetValue(json)));
        return command;
    }

    private static void Print(Terminal terminal, FeatureCatalog catalog, bool json)
    {
        var rows = catalog.Entities.SelectMany(entity => entity.Views)
            .SelectMany(view => view.Features.Select(feature => (view, feature)))
            .ToList();
        if (json)
        {
            Report.Json(terminal, new
            {
                Features = rows.Select(row => FeatureBody.Of(row.view, row.feature)),
                Services = catalog.Services.Select(service => new { service.Name, Features = service.FeatureNames.AsEnumerable() }),
            });
            return;
        }

        Report.Table(
            terminal,
            ["feature", "entity", "source", "computes"],
            rows.Select(
                row => (IReadOnlyList<string>)[row.feature.FullName, row.view.Entity, row.view.Source.Name, row.feature.Description]));
        terminal.Out.WriteLine();
        Report.Table(
            terminal,
            ["service", "features"],
            catalog.Services.Select(
                service => (IReadOnlyList<string>)[service.Name, service.FeatureNames.Length.ToString(CultureInfo.InvariantCulture)]));
    }
}
