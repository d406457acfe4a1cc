using System.CommandLine;
using System.Globalization;
using Streaming.Cli.Settings;
using Streaming.Cli.Shell;
using Streaming.Features.Plans;
using Streaming.Hocon;

namespace Streaming.Cli.Commands;

/// <summary><c>streaming features show</c>: a view, a feature or a service in full.</summary>
internal static class FeaturesShowCommand
{
    /// <summary>Makes the command.</summary>
    public static CliCommand Create(Terminal terminal)
    {
        var command = new CliCommand("show", "Show a feature view, one feature, or a feature service in full.")
        {
            Examples =
            [
                "streaming features show card_activity",
                "streaming features show card_activity.tx_count_7d",
                "streaming features show handbook --json",
            ],
        };
        var name = new Argument<string>("NAME") { Description = "A view, view.feature_window, or a service." };
        var json = CliOptions.Json();
        command.Add(name);
        command.Add(json);
        var config = new ConfigOption(terminal, command);
        command.SetAction(
            parsed => ShowOne(
                terminal,
                Definitions.Features(config.Load(parsed).Node.FeaturesDirectory),
                parsed.GetValue(name)!,
                parsed.GetValue(json)));
        return command;
    }

    private static void ShowOne(Terminal terminal, FeatureCatalog catalog, string name, bool json)
    {
        if (catalog.FindService(name) is { } service)
        {
            ShowService(terminal, service, json);
            return;
        }

        var views = catalog.Entities.SelectMany(entity => entity.Views).ToList();
        var found = views.SelectMany(
            view => view.Features.Where(feature => feature.View == name || feature.FullName == name)
                .Select(feature => FeatureBody.Of(view, feature))).ToList();
        if (found.Count == 0)
        {
            var names = views.SelectMany(view => view.Features.Select(feature => feature.View))
                .Concat(catalog.Services.Select(s => s.Name))
                .Concat(views.SelectMany(view => view.Features.Select(f => f.FullName)));
            var hint = NearestName.Find(name, names) is { } nearest
                ? $"did you mean '{nearest}'?"
                : "'streaming features list' has them all";
            throw new CliFailure(ExitCode.Usage, $"there is no feature view, feature or service '{name}'; {hint}");
        }

        if (json)
        {
            Report.Json(terminal, found);
            return;
        }

        Report.Table(
            terminal,
            ["feature", "entity", "source", "key", "time", "delay", "computes", "default"],
            found.Select(Cells));
    }

    private static IReadOnlyList<string> Cells(FeatureBody of) =>
    [
        of.Feature, of.Entity, of.Source, of.Key, of.Time, of.Delay, of.Computes,
        of.Default?.ToString(CultureInfo.InvariantCulture) ?? "-",
    ];

    private static void ShowService(Terminal terminal, ServicePlan service, bool json)
    {
        if (json)
        {
            Report.Json(
                terminal,
                new
                {
                    service.Name,
                    Request = service.Request?.Name,
                    Features = service.FeatureNames.AsEnumerable(),
                    Reads = service.Reads.AsEnumerable(),
                });
            return;
        }

        Report.Table(
            terminal,
            ["#", "feature", "from"],
            service.FeatureNames.Select((feature, i) => (IReadOnlyList<string>)
            [
                i.ToString(CultureInfo.InvariantCulture), feature, service.Reads.Contains(feature)
                    ? "feature view"
                    : feature.StartsWith("request.", StringComparison.Ordinal) ? "request" : "derived",
            ]));
    }
}
