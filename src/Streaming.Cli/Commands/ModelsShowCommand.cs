using Streaming.Cli.Shell;
using Streaming.Scoring.Registry;

namespace Streaming.Cli.Commands;

/// <summary><c>streaming models show</c>.</summary>
internal static class ModelsShowCommand
{
    /// <summary>Makes the command.</summary>
    public static CliCommand Create(Terminal terminal)
    {
        var command = new CliCommand("show", "Show one version of a model: where it came from, how good it is, who promoted it.")
        {
            Examples = ["streaming models show fraud", "streaming models show fraud --version 2 --json"],
        };
        var model = ModelsCommand.Model();
        var version = CliOptions.Text("--version", "VERSION", "A version's number, an alias, or latest.", "latest");
        command.Add(model);
        command.Add(version);
        var shared = new ModelsCommand(terminal, command);
        command.SetAction(async (parsed, cancellation) =>
        {
            using var registry = shared.Open(parsed);
            var found = await registry.GetAsync(parsed.GetValue(model)!, cancellation);
            var shown = VersionText.Find(found, parsed.GetValue(version)!);
            if (shared.IsJson(parsed))
            {
                Report.Json(terminal, new { Version = VersionText.Json(found, shown), History = found.History.Where(Concerns) });
                return;
            }

            Report.Pairs(terminal, [.. Pairs(found, shown)]);
            bool Concerns(AliasMove move) => move.Version == shown.Version || move.Previous == shown.Version;
        });
        return command;
    }

    private static IEnumerable<(string Name, string Value)> Pairs(RegisteredModel model, ModelVersion version)
    {
        yield return ("model", model.Name);
        yield return ("version", VersionText.Number(version));
        yield return ("aliases", VersionText.Names(model, version));
        yield return ("registered", $"{VersionText.Time(version.CreatedAt)} by {VersionText.OrDash(version.User)}");
        yield return ("run", VersionText.OrDash(version.RunId));
        yield return ("source", VersionText.OrDash(version.Source));
        if (version.Description.Length > 0)
        {
            yield return ("description", version.Description);
        }

        foreach (var (key, value) in version.Tags)
        {
            yield return (key.StartsWith("streaming.", StringComparison.Ordinal) ? key["streaming.".Length..] : key, value);
        }

        foreach (var (key, value) in version.Params)
        {
            yield return ($"parameter {key}", value);
        }

        foreach (var (key, value) in version.Metrics)
        {
            yield return ($"metric {key}", VersionText.Value(value));
        }

        foreach (var move in model.History.Where(move => move.Version == version.Version))
        {
            var kind = move.IsRollback ? "rolled back to" : "set";
            yield return ($"{move.Alias} {kind}", $"{VersionText.Time(move.At)} by {move.By}, before: {Before(move)}");
        }
    }

    private static string Before(AliasMove move) => move.Previous == 0 ? "none" : FormattableString.Invariant($"version {move.Previous}");
}
