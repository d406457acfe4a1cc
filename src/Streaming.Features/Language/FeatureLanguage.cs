using System.Collections.Immutable;
using Streaming.Features.Events;
using Streaming.Hocon;

namespace Streaming.Features.Language;

/// <summary>
/// Reads definition files: topics, feature views and feature services in HOCON, with expressions inside. docs/feature-language.md is
/// its reference.
/// </summary>
public static class FeatureLanguage
{
    private const string ViewWord = "feature-view";
    private const string ServiceWord = "feature-service";
    private const string TopicWord = "topic";

    /// <summary>Reads and checks all files together: a service may name views of other files.</summary>
    /// <param name="files">Each file's name, which positions carry, and its content; definitions come out in this order.</param>
    /// <param name="sources">The event sources that views may name.</param>
    /// <param name="aggregations">The aggregations that features may name.</param>
    /// <returns>
    /// The definitions and every mistake of every file, in the order of the text. The definitions are whole, and may be
    /// compiled, only where there is no diagnostic. Nothing that files say makes this throw.
    /// </returns>
    public static (FeatureDefinitions Definitions, ImmutableArray<Diagnostic> Diagnostics) Parse(
        IReadOnlyList<(string File, string Text)> files,
        IReadOnlyList<EventSource> sources,
        IReadOnlyList<AggregationSignature> aggregations)
    {
        var diagnostics = new List<Diagnostic>();
        var declaredViews = new DeclaredViews();
        var views = new List<Declaration>();
        var services = new List<Declaration>();
        var topics = new List<Declaration>();
        foreach (var (file, text) in files)
        {
            ReadFile(file, text, word => word == ViewWord ? views : word == ServiceWord ? services : topics, diagnostics);
        }

        var viewReader = new ViewDefinitionReader(sources, aggregations, declaredViews, diagnostics);
        var serviceReader = new ServiceDefinitionReader(sources, declaredViews, diagnostics);
        var topicReader = new TopicDefinitionReader(sources, diagnostics);
        var definitions = new FeatureDefinitions(
            [.. FirstOfEach(views, "feature view", diagnostics).Select(viewReader.Read).OfType<FeatureViewDefinition>()],
            [.. FirstOfEach(services, "feature service", diagnostics).Select(serviceReader.Read).OfType<FeatureServiceDefinition>()])
        {
            Topics = [.. FirstOfEach(topics, "topic", diagnostics).Select(topicReader.Read).OfType<TopicDefinition>()],
        };
        diagnostics.AddRange(Lifetimes(definitions));
        diagnostics.AddRange(Requests(definitions));
        return (definitions, InOrder(diagnostics, files));
    }

    private static void ReadFile(
        string file, string text, Func<string, List<Declaration>> declarationsOf, List<Diagnostic> diagnostics)
    {
        var document = HoconReader.Read(file, text);
        diagnostics.AddRange(document.Diagnostics);
        diagnostics.AddRange(document.Includes.Concat(document.Substitutions)
            .Select(found => LanguageDiagnostics.NotInDefinitions(found.Position, found.Value)));
        foreach (var member in document.Root.Members)
        {
            var (word, name, offset) = Split(member.Key);
            if (word is not (ViewWord or ServiceWord or TopicWord) || name.Length == 0)
            {
                diagnostics.Add(
                    LanguageDiagnostics.UnknownDeclaration(member.KeyPosition, member.Key, word, [ViewWord, ServiceWord, TopicWord]));
                continue;
            }

            declarationsOf(word).AddRange(Declarations(member, name, offset));
        }
    }

    /// <summary>One for each place at which the key is given; the reader merges their bodies, so only the first carries it.</summary>
    private static IEnumerable<Declaration> Declarations(HoconMember member, string name, int offset)
    {
        var places = member.Places.IsEmpty ? [member.KeyPosition] : member.Places;
        return places.Select(
            (place, i) => new Declaration(name, place with { Column = place.Column + offset }, member.Value, places.Length > 1));
    }

    private static (string Word, string Name, int Offset) Split(string key)
    {
        var end = key.IndexOf(' ', StringComparison.Ordinal);
        if (end < 0)
        {
            return (key, "", 0);
        }

        var name = key[end..].TrimStart();
        return (key[..end], name, key.Length - name.Length);
    }

    // What a lifetime has taken in it cannot give back.
    private static IEnumerable<Diagnostic> Lifetimes(FeatureDefinitions definitions) =>
        from topic in definitions.Topics
        where topic.CorrectsBy is not null
        from view in definitions.Views
        where view.Source == topic.Name
        from feature in view.Features
        where feature.Windows.IsEmpty
        select LanguageDiagnostics.LifetimeOfCorrections(feature.Position, feature.Name, topic.Name);

    // A read adds the request's event to those of its source, and only the ids of duplicates tell that it was posted before.
    private static IEnumerable<Diagnostic> Requests(FeatureDefinitions definitions) =>
        from topic in definitions.Topics
        where topic is { CorrectsBy: not null, Duplicates: null }
        let service = definitions.Services.FirstOrDefault(service => service.RequestSource == topic.Name)
        where service is not null && definitions.Views.Any(view => view.Source == topic.Name && view.DelayMillis == 0)
        select LanguageDiagnostics.RequestOfCorrections(topic.Position, topic.Name, service.Name);

    private static List<Declaration> FirstOfEach(List<Declaration> all, string kind, List<Diagnostic> diagnostics)
    {
        var first = new Dictionary<string, Declaration>();
        foreach (var declaration in all)
        {
            if (!Names.IsValid(declaration.Name))
            {
                diagnostics.Add(LanguageDiagnostics.InvalidName(declaration.Position, kind, declaration.Name));
            }
            else if (!first.TryAdd(declaration.Name, declaration))
            {
                diagnostics.Add(
                    LanguageDiagnostics.DuplicateName(declaration.Position, kind, declaration.Name, first[declaration.Name].Position));
            }
        }

        return [.. first.Values];
    }

    private static ImmutableArray<Diagnostic> InOrder(List<Diagnostic> diagnostics, IReadOnlyList<(string File, string Text)> files)
    {
        var order = new Dictionary<string, int>();
        for (var i = 0; i < files.Count; i++)
        {
            order.TryAdd(files[i].File, i);
        }

        return
        [
            .. diagnostics.Distinct()
                .OrderBy(diagnostic => order[diagnostic.Position.File])
                .ThenBy(diagnostic => diagnostic.Position.Line)
                .ThenBy(diagnostic => diagnostic.Position.Column)
                .ThenBy(diagnostic => diagnostic.Code, StringComparer.Ordinal),
        ];
    }
}

/// <summary>A view or service as found in a file.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Position">Where the name is written.</param>
/// <param name="Body">What is declared of it.</param>
/// <param name="Merged">Whether the file declares it more than once, so that the body is a mixture that is not worth checking.</param>
internal sealed record Declaration(string Name, SourcePosition Position, HoconNode Body, bool Merged);
