using System.Collections.Immutable;
using Streaming.Features.Plans;
using Streaming.Hocon;

namespace Streaming.Scoring.Definitions;

/// <summary>Reads schemas/models/*.conf; docs/model-definitions.md is the reference of its keys.</summary>
public static class ModelDefinitions
{
    private const string ModelWord = "model ";

    // What training reads stands beside the models and is none of a node's business.
    private const string TrainingWord = "training ";

    /// <summary>Reads and checks all files together. The definitions may be used only if there is no diagnostic.</summary>
    /// <param name="files">Each file's path, which model files are relative to, and its text.</param>
    /// <param name="catalog">The feature services that models may name.</param>
    public static (ImmutableArray<ModelDefinition> Models, ImmutableArray<Diagnostic> Diagnostics) Parse(
        IReadOnlyList<(string File, string Text)> files, FeatureCatalog catalog)
    {
        var diagnostics = new List<Diagnostic>();
        var models = new List<ModelDefinition>();
        foreach (var (file, text) in files)
        {
            var document = HoconReader.Read(file, text);
            diagnostics.AddRange(document.Diagnostics);
            foreach (var member in document.Root.Members.Where(member => !member.Key.StartsWith(TrainingWord, StringComparison.Ordinal)))
            {
                Read(member, Path.GetDirectoryName(file) ?? string.Empty, catalog, models, diagnostics);
            }
        }

        if (diagnostics.Count == 0 && models.Count > 0)
        {
            CheckChampion(models, diagnostics);
            models = [.. new ChallengeReader(diagnostics).Resolve(models)];
        }

        return ([.. models], [.. diagnostics]);
    }

    private static void Read(
        HoconMember member, string directory, FeatureCatalog catalog, List<ModelDefinition> models, List<Diagnostic> diagnostics)
    {
        var name = member.Key.StartsWith(ModelWord, StringComparison.Ordinal) ? member.Key[ModelWord.Length..].Trim() : string.Empty;
        if (name.Length == 0 || member.Value is not HoconObject body)
        {
            diagnostics.Add(ModelDiagnostics.UnknownDeclaration(member.KeyPosition, member.Key));
        }
        else if (member.Places.Length > 1)
        {
            diagnostics.Add(ModelDiagnostics.DuplicateModel(member.Places[1], name, member.Places[0]));
        }
        else if (models.Find(model => model.Name == name) is { } first)
        {
            diagnostics.Add(ModelDiagnostics.DuplicateModel(member.KeyPosition, name, first.Position));
        }
        else
        {
            var members = new MemberReader(body, $"the model \"{name}\"", member.KeyPosition, diagnostics);
            if (new ModelDefinitionReader(catalog, diagnostics).Read(name, directory, members) is { } model)
            {
                models.Add(model);
            }
        }
    }

    private static void CheckChampion(List<ModelDefinition> models, List<Diagnostic> diagnostics)
    {
        var champions = models.FindAll(model => model.IsChampion);
        if (champions.Count == 0)
        {
            diagnostics.Add(ModelDiagnostics.ChampionMissing(models[0].Position, models.Select(model => model.Name)));
        }

        diagnostics.AddRange(champions.Skip(1)
            .Select(second => ModelDiagnostics.SecondChampion(second.Position, second.Name, champions[0].Name, champions[0].Position)));
    }
}
