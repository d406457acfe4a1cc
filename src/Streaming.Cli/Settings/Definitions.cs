using System.Collections.Immutable;
using Streaming.Cli.Shell;
using Streaming.Contracts.Schemas;
using Streaming.Features.Events;
using Streaming.Features.Plans;
using Streaming.Hocon;
using Streaming.Node.Settings;
using Streaming.Scoring;
using Streaming.Scoring.Definitions;
using Streaming.Scoring.Registry;

namespace Streaming.Cli.Settings;

/// <summary>The definition files of features and models.</summary>
internal static class Definitions
{
    /// <summary>Compiles every feature file of a directory.</summary>
    /// <exception cref="CliFailure">There are none, or they have mistakes; all of them together.</exception>
    public static FeatureCatalog Features(string directory) => Features(directory, null, []);

    /// <summary>Compiles every feature file of a directory and one more, where there is one, over more event sources.</summary>
    /// <exception cref="CliFailure">There are none, or they have mistakes; all of them together.</exception>
    public static FeatureCatalog Features(string directory, string? more, IEnumerable<EventSource> sources)
    {
        var files = Read(directory, "feature views", "streaming.features.directory, STREAMING_FEATURES");
        var (catalog, diagnostics) = FeatureCatalog.Compile(
            more is null ? files : files.Add((more, File.ReadAllText(more))),
            [.. EventSchemas.Sources.Values.Concat(sources).OrderBy(source => source.Name, StringComparer.Ordinal)]);
        return catalog ?? throw new CliFailure(ExitCode.Usage, [.. diagnostics.Select(d => d.ToString())]);
    }

    /// <summary>The files that <see cref="Features(string)"/> and <see cref="Models"/> read.</summary>
    public static IEnumerable<string> Files(NodeSettings settings) =>
        FilesOf(settings.FeaturesDirectory).Concat(FilesOf(settings.ModelsDirectory));

    /// <summary>
    /// Loads every model: the one that answers POST /score, the champion, and the others. Each is the version with the alias champion of
    /// the registry's folder, where there is one, else the file that it declares.
    /// </summary>
    /// <exception cref="CliFailure">There is none, or a definition has mistakes. A missing model file is not a mistake: the fallback
    /// answers.</exception>
    /// <exception cref="RegistryException">The folder is damaged.</exception>
    public static (Scorer Champion, ImmutableArray<Scorer> Others) Scorers(
        NodeSettings settings, FeatureCatalog catalog, TimeProvider clock)
    {
        var folder = RegistryOf(settings, clock);
        Scorer Load(ModelDefinition model) => Scorer.Load(ChampionFile.Resolve(model, folder), catalog);
        var champion = Model(settings.ModelsDirectory, catalog, null);
        var others = Models(settings.ModelsDirectory, catalog).Where(model => model.Name != champion.Name);
        return (Load(champion), [.. others.Select(Load)]);
    }

    /// <summary>The model of that name; null is the champion.</summary>
    /// <exception cref="CliFailure">There is none, or a definition has mistakes.</exception>
    public static ModelDefinition Model(string directory, FeatureCatalog catalog, string? name)
    {
        var models = Models(directory, catalog);
        return models.FirstOrDefault(model => name is null ? model.IsChampion : model.Name == name) ?? throw new CliFailure(
            ExitCode.Usage,
            name is null
                ? $"{directory}: no model is the champion; write champion = true in one of them"
                : $"{directory}: there is no model '{name}'{NearestName.Phrase(name, models.Select(m => m.Name), "; there are ", '\'')}");
    }

    /// <summary>The model of that name with the file that a node serves it from; null is the champion.</summary>
    /// <exception cref="CliFailure">As for <see cref="Model"/>.</exception>
    /// <exception cref="RegistryException">The registry's folder is damaged.</exception>
    public static ModelDefinition Served(NodeSettings settings, FeatureCatalog catalog, string? name, TimeProvider clock) =>
        ChampionFile.Resolve(Model(settings.ModelsDirectory, catalog, name), RegistryOf(settings, clock));

    /// <summary>The folder that nodes look into for versions.</summary>
    public static RegistryFolder RegistryOf(NodeSettings settings, TimeProvider clock) => new(settings.RegistryDirectory, clock);

    /// <summary>Reads every model file of a directory.</summary>
    /// <exception cref="CliFailure">There are none, or they have mistakes; all of them together.</exception>
    public static ImmutableArray<ModelDefinition> Models(string directory, FeatureCatalog catalog)
    {
        var (models, diagnostics) = ModelDefinitions.Parse(ModelFiles(directory), catalog);
        return diagnostics.IsEmpty ? models : throw new CliFailure(ExitCode.Usage, [.. diagnostics.Select(d => d.ToString())]);
    }

    /// <summary>Reads the texts of every model file of a directory.</summary>
    /// <exception cref="CliFailure">There are none.</exception>
    public static ImmutableArray<(string File, string Text)> ModelFiles(string directory) =>
        Read(directory, "models", "streaming.models.directory, STREAMING_MODELS");

    private static ImmutableArray<string> FilesOf(string directory) =>
        Directory.Exists(directory) ? [.. Directory.GetFiles(directory, "*.conf").Order(StringComparer.Ordinal)] : [];

    private static ImmutableArray<(string File, string Text)> Read(string directory, string what, string setting)
    {
        var files = FilesOf(directory);
        return files.IsEmpty
            ? throw new CliFailure(
                ExitCode.Usage,
                $"{directory}: there are no *.conf files with {what} here; start in the root of the repository, or set their directory " +
                $"({setting})")
            : [.. files.Select(file => (file.Replace('\\', '/'), File.ReadAllText(file)))];
    }
}
