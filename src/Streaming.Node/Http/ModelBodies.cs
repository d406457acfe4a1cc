using System.Globalization;
using Streaming.Scoring;
using Streaming.Scoring.Serving;

namespace Streaming.Node.Http;

/// <summary>The answer of GET /models.</summary>
/// <param name="Models">The champion first.</param>
internal sealed record ModelsBody(SlotBody[] Models);

/// <summary>A declared model and the version of it that answers.</summary>
/// <param name="Name">The model's name.</param>
/// <param name="Id">Name and version, as answers have it.</param>
/// <param name="Champion">Whether it answers POST /score.</param>
/// <param name="Service">The feature service that it asks.</param>
/// <param name="Fingerprint">Of the service's definitions.</param>
/// <param name="File">The file that it was loaded from.</param>
/// <param name="Since">When this version began to answer.</param>
/// <param name="Swaps">How often another version took over since the start.</param>
/// <param name="Answers">What this version has answered, fallbacks included.</param>
/// <param name="Fallbacks">How often the fallback answered for it.</param>
/// <param name="Fault">Why it does not answer; null if it does.</param>
/// <param name="Challenges">What it does beside its champion; null for a model that challenges none.</param>
internal sealed record SlotBody(
    string Name,
    string Id,
    bool Champion,
    string Service,
    string Fingerprint,
    string File,
    string Since,
    long Swaps,
    long Answers,
    long Fallbacks,
    string? Fault,
    ChallengeBody? Challenges)
{
    /// <summary>The body of a slot.</summary>
    public static SlotBody Of(ModelSlot slot, bool isChampion, Challenger? challenger)
    {
        var active = slot.Active;
        var scorer = active.Scorer;
        return new(
            slot.Name,
            scorer.ModelId,
            isChampion,
            scorer.Service.Name,
            scorer.Service.Fingerprint,
            scorer.Definition.File,
            active.Since.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture),
            slot.Swaps,
            active.Counts.Answers,
            active.Counts.Fallbacks,
            scorer.Fault,
            challenger is null ? null : ChallengeBody.From(challenger));
    }
}

/// <summary>A challenger beside its champion.</summary>
/// <param name="Of">The champion.</param>
/// <param name="Sample">The share of the champion's answers that it scores, too.</param>
/// <param name="Canary">The share of entities that it answers.</param>
/// <param name="Compared">Requests that this version and the champion scored.</param>
/// <param name="Agreed">Those on which both decided the same.</param>
/// <param name="MeanDifference">The mean distance of the scores; null before the first.</param>
/// <param name="LargestDifference">The largest.</param>
/// <param name="Failed">Requests that it could not score.</param>
/// <param name="Dropped">Requests that were drawn but not scored, because the queue was full.</param>
/// <param name="Disagreements">How often the champion decided one and it the other; only what happened.</param>
internal sealed record ChallengeBody(
    string Of,
    double Sample,
    double Canary,
    long Compared,
    long Agreed,
    double? MeanDifference,
    double LargestDifference,
    long Failed,
    long Dropped,
    DisagreementBody[] Disagreements)
{
    /// <summary>The body of a challenger.</summary>
    public static ChallengeBody From(Challenger challenger)
    {
        var counts = challenger.Slot.Active.Shadow;
        var disagreements =
            from champion in Enum.GetValues<Decision>()
            from other in Enum.GetValues<Decision>()
            where other != champion && counts.Pairs(champion, other) > 0
            select new DisagreementBody(
                DecisionNames.Of(champion).Value, DecisionNames.Of(other).Value, counts.Pairs(champion, other));
        return new(
            challenger.Challenge.Of,
            challenger.Challenge.Sample,
            challenger.Challenge.Canary,
            counts.Compared,
            counts.Agreed,
            counts.Compared == 0 ? null : counts.MeanDifference,
            counts.LargestDifference,
            counts.Failed,
            challenger.Dropped,
            [.. disagreements]);
    }
}

/// <summary>How often a champion and a challenger decided so.</summary>
internal sealed record DisagreementBody(string Champion, string Challenger, long Count);
