using System.Collections.Immutable;
using Streaming.Features.Language;
using Streaming.Hocon;
using Streaming.Scoring.Models;

namespace Streaming.Scoring.Definitions;

/// <summary>One <c>model NAME { ... }</c> of schemas/models/*.conf, checked against the feature catalog.</summary>
/// <param name="Name">The model's name, unique.</param>
/// <param name="Position">Where it is declared.</param>
/// <param name="Service">The feature service whose vector it takes.</param>
/// <param name="File">The ONNX file; relative paths are resolved against the definition's directory.</param>
/// <param name="IsChampion">Whether it answers; exactly one model of all files does.</param>
/// <param name="Thresholds">From which score on a decision is made.</param>
/// <param name="Fallback">What is answered when the model cannot.</param>
/// <param name="Request">What a request must hold.</param>
/// <param name="Reasons">Why a decision is not approve, in the order of their declaration.</param>
public sealed record ModelDefinition(
    string Name,
    SourcePosition Position,
    string Service,
    string File,
    bool IsChampion,
    Thresholds Thresholds,
    Fallback Fallback,
    RequestRules Request,
    ImmutableArray<ReasonRule> Reasons)
{
    /// <summary>How a file from elsewhere is fed and read.</summary>
    public ModelMapping Mapping { get; init; } = ModelMapping.None;

    /// <summary>Rules that come before <see cref="Fallback"/>, in the order of their declaration.</summary>
    public ImmutableArray<FallbackRule> FallbackRules { get; init; } = [];

    /// <summary>Whose challenger it is; null for none.</summary>
    public Challenge? Challenge { get; init; }

    /// <summary>How its contributions are told.</summary>
    public ExplainRules Explain { get; init; } = ExplainRules.None;
}

/// <summary>The scores, from 0 to 1, from which on a request is reviewed and declined.</summary>
public readonly record struct Thresholds(double Review, double Decline)
{
    /// <summary>The decision for a score.</summary>
    public Decision Decide(double score) => score >= Decline ? Decision.Decline : score >= Review ? Decision.Review : Decision.Approve;
}

/// <summary>The declared answer for when the model cannot give one.</summary>
public readonly record struct Fallback(double Score, Decision Decision);

/// <summary>A named condition over the request and what the service reads; where it holds it is given as a reason.</summary>
public sealed record ReasonRule(string Name, SourcePosition Position, Expression Condition);
