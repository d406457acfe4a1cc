using Streaming.Scoring.Definitions;

namespace Streaming.Scoring.Registry;

/// <summary>Which file a model is served from.</summary>
public static class ChampionFile
{
    /// <summary>The definition with the file of the version that has the alias champion; as it is where no version has.</summary>
    /// <exception cref="RegistryException">The folder is damaged.</exception>
    public static ModelDefinition Resolve(ModelDefinition definition, RegistryFolder folder)
    {
        ArgumentNullException.ThrowIfNull(definition);
        ArgumentNullException.ThrowIfNull(folder);
        var models = new ModelFolder(folder);
        return models.Find(definition.Name)?.Aliases.TryGetValue(RegisteredModel.Champion, out var version) == true
            ? definition with { File = models.PathOf(definition.Name, version) }
            : definition;
    }
}
