using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Streaming.Cli.Clients;
using Streaming.Cli.Settings;
using Streaming.Cli.Shell;
using Streaming.Features.Plans;
using Streaming.Hocon;

namespace Streaming.Cli.Commands;

/// <summary><c>streaming features</c>: what is declared, and what a node knows.</summary>
internal static class FeaturesCommand
{
    /// <summary>Makes the commands.</summary>
    public static Command Create(Terminal terminal) =>
        new CliCommand("features", "Show feature definitions, and ask a node for an entity's features.")
        {
            List(terminal),
            Show(terminal),
            Get(terminal),
        };

    private static CliCommand List(Terminal terminal)
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

    private static CliCommand Show(Terminal terminal)
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
            view => view.Features.Where(feature => view.Name == name || feature.FullName == name)
                .Select(feature => FeatureBody.Of(view, feature))).ToList();
        if (found.Count == 0)
        {
            var names = views.Select(view => view.Name)
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

    private static CliCommand Get(Terminal terminal)
    {
        var command = new CliCommand("get", "Ask a running node for all features of one entity.")
        {
            Notes = ["Without --at the features are as of the newest event that the node has read."],
            Examples =
            [
                "streaming features get card card_12345",
                "streaming features get terminal terminal_7 --at 2026-03-01T12:00:00Z --json",
            ],
        };
        var entity = new Argument<string>("ENTITY") { Description = "card, user, terminal: an entity type of the definitions." };
        var key = new Argument<string>("KEY") { Description = "The entity's key." };
        var at = CliOptions.Text("--at", "TIME", "The event time to read at: ISO 8601 with an offset, or milliseconds since 1970.");
        var node = NodeClient.NodeOption(terminal);
        var json = CliOptions.Json();
        command.Add(entity);
        command.Add(key);
        command.Add(at);
        command.Add(node);
        command.Add(json);
        command.SetAction(async (parsed, cancellation) =>
        {
            using var client = new NodeClient(parsed.GetValue(node)!);
            var query = parsed.GetValue(at) is { } time ? $"?at={Uri.EscapeDataString(time)}" : "";
            using var answer = await client.GetAsync(
                $"features/{Uri.EscapeDataString(parsed.GetValue(entity)!)}/{Uri.EscapeDataString(parsed.GetValue(key)!)}{query}",
                cancellation);
            Print(terminal, answer.RootElement, parsed.GetValue(json));
            return (int)ExitCode.Ok;
        });
        return command;
    }

    private static void Print(Terminal terminal, JsonElement answer, bool json)
    {
        if (json)
        {
            Report.Json(terminal, answer);
            return;
        }

        Report.Table(
            terminal,
            ["feature", "value", "status", "event time"],
            answer.GetProperty("features").EnumerateObject().Select(feature => (IReadOnlyList<string>)
            [
                feature.Name, Cell(feature.Value, "value"), Cell(feature.Value, "status"), Cell(feature.Value, "event_time"),
            ]));
        terminal.Out.WriteLine();
        terminal.Out.WriteLine(
            $"{Cell(answer, "entity")} {Cell(answer, "key")} at {Cell(answer, "at")}, as of " +
            $"{Cell(answer, "as_of")}{(answer.GetProperty("features_stale").GetBoolean() ? " (catching up)" : "")}");
    }

    private static string Cell(JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null ? value.ToString() : "-";

    /// <summary>One feature, for programs.</summary>
    private sealed record FeatureBody(
        string Feature, string View, string Entity, string Source, string Key, string Time, string Delay, string Type, string Computes,
        double? Default)
    {
        public static FeatureBody Of(ViewPlan view, FeaturePlan feature) => new(
            feature.FullName,
            view.Name,
            view.Entity,
            view.Source.Name,
            view.Source.Fields[view.KeyField].Name,
            view.Source.Fields[view.TimeField].Name,
            Duration.Format(view.DelayMillis),
            feature.Type.ToString().ToLowerInvariant(),
            feature.Description,
            double.IsNaN(feature.Default) ? null : feature.Default);
    }
}
