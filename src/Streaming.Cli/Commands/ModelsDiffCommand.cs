using System.Collections.Immutable;
using System.Text.Json;
using Streaming.Cli.Shell;
using Streaming.Scoring.Registry;

namespace Streaming.Cli.Commands;

/// <summary><c>streaming models diff</c>.</summary>
internal static class ModelsDiffCommand
{
    /// <summary>Makes the command.</summary>
    public static CliCommand Create(Terminal terminal)
    {
        var command = new CliCommand("diff", "Show in what two versions of a model differ: service, features, data, parameters, metrics.")
        {
            Examples = ["streaming models diff fraud champion latest", "streaming models diff fraud 1 2 --json"],
        };
        var model = ModelsCommand.Model();
        var (first, second) = (ModelsCommand.Version("VERSION"), ModelsCommand.Version("OTHER"));
        command.Add(model);
        command.Add(first);
        command.Add(second);
        var shared = new ModelsCommand(terminal, command);
        command.SetAction(async (parsed, cancellation) =>
        {
            using var registry = shared.Open(parsed);
            var found = await registry.GetAsync(parsed.GetValue(model)!, cancellation);
            var (one, other) = (VersionText.Find(found, parsed.GetValue(first)!), VersionText.Find(found, parsed.GetValue(second)!));
            var differences = Compare(one, other);
            if (shared.IsJson(parsed))
            {
                Report.Json(terminal, differences.Select(each => new { each.What, Version = each.One, Other = each.Another }));
            }
            else if (differences.IsEmpty)
            {
                terminal.Out.WriteLine($"versions {one.Version} and {other.Version} of '{found.Name}' have the same facts");
            }
            else
            {
                Report.Table(
                    terminal,
                    ["what", $"version {one.Version}", $"version {other.Version}"],
                    differences.Select(each => (IReadOnlyList<string>)[each.What, each.One, each.Another]));
            }
        });
        return command;
    }

    /// <summary>In what two versions differ.</summary>
    internal static ImmutableArray<(string What, string One, string Another)> Compare(ModelVersion one, ModelVersion other)
    {
        static string Feature(string name) => $"feature {name}";
        var (features, others) = (FeaturesOf(one), FeaturesOf(other));
        return
        [
            .. Differing(Facts(one), Facts(other), fact => fact["streaming.".Length..], value => value),
            .. features.Except(others).Select(name => (Feature(name), "yes", "-")),
            .. others.Except(features).Select(name => (Feature(name), "-", "yes")),
            .. features.Order().SequenceEqual(others.Order()) && !features.SequenceEqual(others)
                ? [("features", "same names", "in another order")]
                : ImmutableArray<(string, string, string)>.Empty,
            .. Differing(one.Params, other.Params, key => $"parameter {key}", value => value),
            .. Differing(one.Metrics, other.Metrics, key => $"metric {key}", VersionText.Value),
        ];
    }

    private static ImmutableSortedDictionary<string, string> Facts(ModelVersion version) => version.Tags
        .Where(tag => tag.Key.StartsWith("streaming.", StringComparison.Ordinal) && tag.Key != VersionTags.Features)
        .ToImmutableSortedDictionary();

    private static IEnumerable<(string, string, string)> Differing<T>(
        ImmutableSortedDictionary<string, T> one,
        ImmutableSortedDictionary<string, T> other,
        Func<string, string> name,
        Func<T, string> text)
    {
        string Of(ImmutableSortedDictionary<string, T> values, string key) => values.TryGetValue(key, out var value) ? text(value) : "-";
        return one.Keys.Union(other.Keys).Order(StringComparer.Ordinal)
            .Select(key => (name(key), Of(one, key), Of(other, key)))
            .Where(each => each.Item2 != each.Item3);
    }

    private static ImmutableArray<string> FeaturesOf(ModelVersion version) =>
        version.Tags.TryGetValue(VersionTags.Features, out var json) ? [.. JsonSerializer.Deserialize<string[]>(json)!] : [];
}
