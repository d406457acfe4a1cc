using System.CommandLine;
using Streaming.Cli.Settings;
using Streaming.Cli.Shell;
using Streaming.Scoring.Registry;

namespace Streaming.Cli.Commands;

/// <summary>Moves an alias and says what was done.</summary>
internal static class AliasReport
{
    /// <summary>Moves it from where it is in <paramref name="model"/>, and prints that.</summary>
    public static async Task MoveAsync(
        ModelsCommand shared,
        ParseResult parsed,
        IModelRegistry registry,
        RegisteredModel model,
        AliasTarget target,
        CancellationToken cancellation)
    {
        var terminal = shared.Terminal;
        var move = new AliasMove(
            target.Alias,
            target.Version,
            model.Aliases.GetValueOrDefault(target.Alias),
            Registries.UserOf(terminal),
            terminal.Time.GetUtcNow().ToUnixTimeMilliseconds(),
            target.IsRollback);
        if (move.Version == move.Previous)
        {
            throw new CliFailure(ExitCode.Usage, $"version {move.Version} of '{model.Name}' is the {move.Alias} already");
        }

        await registry.MoveAliasAsync(model.Name, move, cancellation);
        if (shared.IsJson(parsed))
        {
            Report.Json(terminal, new { Model = model.Name, move.Alias, move.Version, move.Previous, move.By, move.At });
            return;
        }

        var before = move.Previous == 0 ? "there was none before" : FormattableString.Invariant($"before: version {move.Previous}");
        terminal.Out.WriteLine($"version {move.Version} of '{model.Name}' is the {move.Alias} now; {before}");
    }
}

/// <summary>Where an alias is to go.</summary>
/// <param name="Alias">The alias.</param>
/// <param name="Version">The version.</param>
/// <param name="IsRollback">Whether that goes back to what was before.</param>
internal readonly record struct AliasTarget(string Alias, int Version, bool IsRollback = false);
