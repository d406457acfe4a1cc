using System.Collections.Immutable;
using Streaming.Hocon;

namespace Streaming.Scoring.Definitions;

/// <summary>Reads which model a model challenges, and checks it against the others.</summary>
internal sealed class ChallengeReader(List<Diagnostic> diagnostics)
{
    /// <summary>The keys that it reads.</summary>
    public static ImmutableArray<string> Keys { get; } = ["challenger-of", "sample", "canary"];

    /// <summary>What a model says of itself; null where it challenges none.</summary>
    public Challenge? Read(MemberReader members)
    {
        var (sample, canary) = (Share(members, "sample"), Share(members, "canary"));
        if (members.Scalar("challenger-of") is { } of)
        {
            return new(of.Text, of.Position, sample, canary);
        }

        foreach (var key in Keys.Skip(1).Where(members.Has))
        {
            diagnostics.Add(ChallengeDiagnostics.NoChallenger(members.Scalar(key)?.Position ?? members.Position, key));
        }

        return null;
    }

    /// <summary>Checks every challenger, and gives it the request rules of the model that it challenges.</summary>
    public IEnumerable<ModelDefinition> Resolve(IReadOnlyList<ModelDefinition> models)
    {
        foreach (var model in models)
        {
            if (model.Challenge is not { } challenge)
            {
                yield return model;
                continue;
            }

            var challenged = models.FirstOrDefault(one => one.Name == challenge.Of);
            diagnostics.AddRange(FaultsOf(model, challenge, challenged, models));
            yield return challenged is null ? model : model with { Request = challenged.Request };
        }
    }

    private static IEnumerable<Diagnostic> FaultsOf(
        ModelDefinition model, Challenge challenge, ModelDefinition? challenged, IReadOnlyList<ModelDefinition> models)
    {
        if (challenged is null)
        {
            yield return ChallengeDiagnostics.UnknownModel(challenge.Position, challenge.Of, [.. models.Select(one => one.Name)]);
            yield break;
        }

        if (challenged.Challenge is not null || model.IsChampion)
        {
            yield return ChallengeDiagnostics.Chain(challenge.Position, model.Name, challenged.Name);
        }

        if (challenged.Service != model.Service)
        {
            yield return ChallengeDiagnostics.OtherService(challenge.Position, model, challenged);
        }

        if (model.Request != RequestRules.None)
        {
            yield return ChallengeDiagnostics.OwnRequest(challenge.Position, model.Name, challenged.Name);
        }

        var canaries = models.Where(one => one.Challenge?.Of == challenge.Of).Sum(one => one.Challenge!.Canary);
        if (canaries > 1 && models.First(one => one.Challenge?.Of == challenge.Of) == model)
        {
            yield return ChallengeDiagnostics.TooManyCanaries(challenge.Position, challenge.Of, canaries);
        }
    }

    private double Share(MemberReader members, string key)
    {
        var share = members.Number(key) ?? 0;
        if (share is < 0 or > 1)
        {
            diagnostics.Add(ChallengeDiagnostics.NotAShare(members.Scalar(key)!.Position, key, share));
        }

        return share;
    }
}
