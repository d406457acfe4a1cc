using Streaming.Features.Events;
using Streaming.Features.Language.Expressions;
using Streaming.Hocon;

namespace Streaming.Features.Language;

/// <summary>Reads and checks one <c>feature-service</c>, after all views.</summary>
internal sealed class ServiceDefinitionReader(IReadOnlyList<EventSource> sources, DeclaredViews declaredViews, List<Diagnostic> diagnostics)
{
    private static readonly string[] s_keys = ["request", "features", "derived"];

    /// <summary>The definition; null when it is faulty, which is reported here or where the fault is.</summary>
    public FeatureServiceDefinition? Read(Declaration service)
    {
        if (service.Body is not HoconObject body)
        {
            MemberReader.ReportNoObject(service.Body, $"feature-service {service.Name}", "an object in braces", diagnostics);
            return null;
        }

        return service.Merged
            ? null
            : Read(service, new MemberReader(body, $"the service \"{service.Name}\"", service.Position, diagnostics));
    }

    private FeatureServiceDefinition? Read(Declaration service, MemberReader members)
    {
        var mistakes = diagnostics.Count;
        members.RejectUnknown(s_keys);
        members.ReportMissing("features", "features = [card_activity.tx_count_7d]");
        var elements = members.Scalars("features", "for instance card_activity.tx_count_7d") ?? [];
        var derived = ReadDerived(members);
        var scope = OpenScope(service, members, elements, derived);

        var vector = new VectorReader(scope, members);
        elements.ForEach(vector.ReserveSlots);
        BindDerived(derived, scope, members);
        elements.ForEach(vector.Add);
        ReportUnused(derived, scope);
        var request = members.Has("request") || scope.UsesRequest ? scope.Request : null;
        CheckKeys(service, scope, request);
        if (diagnostics.Count > mistakes || elements.Count == 0 || vector.HasFaults)
        {
            return null;
        }

        return new FeatureServiceDefinition(service.Name, service.Position, request?.Name, [.. scope.Reads], vector.ToImmutable());
    }

    /// <summary>A request names one entity of a type, so the views of that type must agree on the request's field that does.</summary>
    private void CheckKeys(Declaration service, ServiceScope scope, EventSource? request)
    {
        var views = scope.Reads.Select(read => declaredViews.Find(read.Split('.')[0]))
            .OfType<DeclaredView>()
            .Where(view => view.Key is not null);
        foreach (var reads in views.GroupBy(view => view.Entity).Where(_ => request is not null))
        {
            var ofEntity = reads.Where(view => IsNamedBy(request!, view)).ToList();
            if (ofEntity.Count == 0)
            {
                ReportUnnamed(service, reads.First(), request!);
                continue;
            }

            var first = ofEntity[0];
            if (ofEntity.Find(view => view.Key != first.Key) is { } other)
            {
                diagnostics.Add(
                    LanguageDiagnostics.EntityUnclear(service.Position, first.Entity!, first.Name, first.Key!, other.Name, other.Key!));
            }
        }
    }

    private static bool IsNamedBy(EventSource request, DeclaredView view) =>
        request.IndexOf(view.Key!) is >= 0 and var field && request.Fields[field].Type == FieldType.Text;

    // Every request would find the entity unnamed, and its features absent.
    private void ReportUnnamed(Declaration service, DeclaredView view, EventSource request) =>
        diagnostics.Add(LanguageDiagnostics.EntityUnnamed(
        service.Position,
        view.Name,
        view.Key!,
        view.Entity ?? view.Key!,
        request,
        sources.Where(source => IsNamedBy(source, view)).Select(source => source.Name)));

    private List<Derived> ReadDerived(MemberReader members)
    {
        var derived = new List<Derived>();
        if (members.Section("derived") is not { } body)
        {
            return derived;
        }

        var reader = new MemberReader(body, "the derived features", body.Position, diagnostics);
        foreach (var member in reader.Members)
        {
            if (!Names.IsValid(member.Key))
            {
                diagnostics.Add(LanguageDiagnostics.InvalidName(member.KeyPosition, "derived feature", member.Key));
            }

            var source = reader.Scalar(member.Key) is { } text ? new ExpressionSource(text.Text, text.PositionOf, reader.Report) : null;
            derived.Add(new Derived(member.Key, member.KeyPosition, source, source is null ? null : ExpressionParser.Parse(source)));
        }

        return derived;
    }

    private ServiceScope OpenScope(Declaration service, MemberReader members, List<HoconScalar> elements, List<Derived> derived)
    {
        var names = elements.Select(element => element.Text).Concat(derived.SelectMany(one => SyntaxNames.Of(one.Syntax)));
        var views = names.Select(name => declaredViews.Find(name.Split('.')[0])).OfType<DeclaredView>().Distinct().ToList();
        var candidates = views.Select(view => view.Source).OfType<string>().Distinct().ToList();
        var declared = members.Scalar("request");
        var requestName = declared?.Text ?? (candidates.Count == 1 && !members.Has("request") ? candidates[0] : null);
        var request = sources.FirstOrDefault(source => source.Name == requestName);
        if (declared is not null && request is null)
        {
            members.Report(LanguageDiagnostics.UnknownSource(declared.Position, declared.Text, sources.Select(known => known.Name)));
        }

        var isFaulty = members.Has("request") || views.Exists(view => view.Source is null);
        return new ServiceScope(service.Name, declaredViews, [.. derived.Select(one => one.Name)], request, isFaulty, candidates);
    }

    private static void BindDerived(List<Derived> derived, ServiceScope scope, MemberReader members)
    {
        foreach (var one in derived)
        {
            scope.Reading = one.Name;
            var expression = one.Syntax is null ? null : new ExpressionBinder(one.Source!, scope).Bind(one.Syntax);
            if (expression?.Type == FieldType.Text)
            {
                members.Report(LanguageDiagnostics.TextInVector(one.Source!.PositionOf(0), one.Name));
                expression = null;
            }

            scope.Declare(one.Name, expression);
        }
    }

    private void ReportUnused(List<Derived> derived, ServiceScope scope)
    {
        foreach (var one in derived.Where(one => !scope.UsedDerived.Contains(one.Name)))
        {
            diagnostics.Add(LanguageDiagnostics.DerivedUnused(one.Position, one.Name));
        }
    }

    private sealed record Derived(string Name, SourcePosition Position, ExpressionSource? Source, Syntax? Syntax);
}
