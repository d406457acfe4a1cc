using Streaming.Cli.Settings;
using Streaming.Contracts.Events;
using Streaming.Features.Plans;
using Streaming.Node.Settings;
using Streaming.Scoring;
using Streaming.Scoring.Definitions;
using Streaming.Scoring.Registry;

namespace Streaming.Cli.Commands;

/// <summary>
/// The versions of models that past answers came from, each loaded once: those of the registry's folder and the declared files.
/// </summary>
internal sealed class AnsweringVersions(NodeSettings settings, FeatureCatalog catalog, TimeProvider clock) : IDisposable
{
    private readonly Dictionary<string, Scorer> _scorers = new(StringComparer.Ordinal);

    /// <summary>The version that gave an answer; where it is not here, what its model is served from today.</summary>
    /// <exception cref="RegistryException">The registry's folder is damaged.</exception>
    public Scorer Of(Score answer)
    {
        var id = $"{answer.Model}@{answer.ModelVersion}";
        if (!_scorers.TryGetValue(id, out var scorer))
        {
            _scorers[id] = scorer = Find(answer.Model, answer.ModelVersion, id);
        }

        return scorer;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var scorer in _scorers.Values)
        {
            scorer.Dispose();
        }
    }

    private Scorer Find(string model, string version, string id)
    {
        var all = Definitions.Models(settings.ModelsDirectory, catalog);
        var definition = all.FirstOrDefault(each => each.Name == model) ?? Definitions.Model(settings.ModelsDirectory, catalog, null);
        foreach (var file in FilesOf(definition, version))
        {
            var scorer = Scorer.Load(definition with { File = file }, catalog);
            if (scorer.ModelId == id)
            {
                return scorer;
            }

            scorer.Dispose();
        }

        return Scorer.Load(ChampionFile.Resolve(definition, Definitions.RegistryOf(settings, clock)), catalog);
    }

    // A version that came from an MLflow client may have no hash among its tags.
    private IEnumerable<string> FilesOf(ModelDefinition definition, string version)
    {
        var folder = new ModelFolder(Definitions.RegistryOf(settings, clock));
        var versions = folder.Find(definition.Name)?.Versions.Where(
            each => each.Tags.GetValueOrDefault(VersionTags.FileHash, version).StartsWith(version, StringComparison.Ordinal)) ?? [];
        return [definition.File, .. versions.Select(each => folder.PathOf(definition.Name, each.Version)).Where(File.Exists)];
    }
}
