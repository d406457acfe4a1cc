using System.Collections.Immutable;
using System.CommandLine;
using System.Security.Cryptography;
using System.Text.Json;
using Streaming.Cli.Settings;
using Streaming.Cli.Shell;
using Streaming.Features.Plans;
using Streaming.Node.Settings;
using Streaming.Scoring.Registry;

namespace Streaming.Cli.Commands;

/// <summary><c>streaming models promote</c>.</summary>
internal sealed class ModelsPromoteCommand
{
    private readonly Argument<string> _model = ModelsCommand.Model();
    private readonly Argument<string> _version = ModelsCommand.Version();
    private readonly Option<string?> _alias = ModelsCommand.Alias();
    private readonly ModelsCommand _shared;

    private ModelsPromoteCommand(Terminal terminal, Command command)
    {
        command.Add(_model);
        command.Add(_version);
        command.Add(_alias);
        _shared = new ModelsCommand(terminal, command);
    }

    /// <summary>Makes the command.</summary>
    public static CliCommand Create(Terminal terminal)
    {
        var command = new CliCommand("promote", "Give the alias champion (or another) to a version.")
        {
            Notes =
            [
                "Nodes with the registry's folder serve the version with the alias champion. Who promoted what, when, and what was there " +
                "before is kept; 'streaming models rollback' goes back. A version of another feature service, one that reads other " +
                "features than the service has, and an archived one are refused.",
            ],
            Examples = ["streaming models promote fraud 2", "streaming models promote fraud latest --alias challenger"],
        };
        command.SetAction(new ModelsPromoteCommand(terminal, command).RunAsync);
        return command;
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellation)
    {
        var node = _shared.Settings(parsed).Node;
        var alias = RegistryNames.RequireAlias(parsed.GetValue(_alias));
        using var registry = Registries.Open(node, _shared.Terminal);
        var model = await registry.GetAsync(parsed.GetValue(_model)!, cancellation);
        var version = VersionText.Find(model, parsed.GetValue(_version)!);
        CheckService(node, model.Name, version);
        if (registry is FolderModelRegistry)
        {
            CheckFile(new ModelFolder(Definitions.RegistryOf(node, _shared.Terminal.Time)).PathOf(model.Name, version.Version), version);
        }

        await AliasReport.MoveAsync(_shared, parsed, registry, model, new(alias, version.Version), cancellation);
        return (int)ExitCode.Ok;
    }

    /// <summary>A node could not serve it.</summary>
    private static void CheckFile(string file, ModelVersion version)
    {
        var fault = !File.Exists(file) ? "is gone, or the version came without an ONNX file"
            : version.Tags.TryGetValue(VersionTags.FileHash, out var hash) && hash != HashOf(file) ? "is not what was registered"
            : null;
        if (fault is not null)
        {
            throw new CliFailure(ExitCode.Usage, $"version {version.Version}: {file} {fault}; restore it, or register the model again");
        }
    }

    private static string HashOf(string file)
    {
        using var stream = File.OpenRead(file);
        return Convert.ToHexStringLower(SHA256.HashData(stream));
    }

    /// <summary>A version of another service would score nonsense, or nothing.</summary>
    private static void CheckService(NodeSettings node, string name, ModelVersion version)
    {
        var catalog = Definitions.Features(node.FeaturesDirectory);
        var service = catalog.FindService(Definitions.Model(node.ModelsDirectory, catalog, name).Service)!;
        if (version.FeatureService.Length > 0 && version.FeatureService != service.Name)
        {
            throw new CliFailure(
                ExitCode.Usage,
                $"version {version.Version} of '{name}' is of the feature service '{version.FeatureService}', but the model is declared " +
                $"with '{service.Name}' in {node.ModelsDirectory}; promote a version of that service, or change the definition");
        }

        if (version.Tags.TryGetValue(VersionTags.Features, out var json)
            && JsonSerializer.Deserialize<ImmutableArray<string>>(json) is var features
            && !features.SequenceEqual(service.FeatureNames))
        {
            throw new CliFailure(
                ExitCode.Usage,
                $"version {version.Version} of '{name}' reads {features.Length} features that are not the {service.FeatureNames.Length} " +
                $"that the service '{service.Name}' has now{Lacking(features, service.FeatureNames)}; train the model again");
        }

        CheckDefinitions(name, version, service);
    }

    /// <summary>The same names may have come to mean something else.</summary>
    private static void CheckDefinitions(string name, ModelVersion version, ServicePlan service)
    {
        if (version.Tags.TryGetValue(VersionTags.Definitions, out var fingerprint) && fingerprint != service.Fingerprint)
        {
            throw new CliFailure(
                ExitCode.Usage,
                $"version {version.Version} of '{name}' was made for other definitions of the service '{service.Name}' (fingerprint " +
                $"{fingerprint}) than there are now ({service.Fingerprint}); train the model again");
        }
    }

    private static string Lacking(ImmutableArray<string> one, ImmutableArray<string> other) =>
        one.Except(other).Concat(other.Except(one)).FirstOrDefault() is { } name
            ? $" ('{name}' is in only one of them)"
            : " (their order differs)";
}
