using System.Collections.Immutable;
using Streaming.Hocon;

namespace Streaming.Features.Language;

/// <summary>All that a set of definition files declares, checked against the sources but not yet compiled.</summary>
public sealed record FeatureDefinitions(ImmutableArray<FeatureViewDefinition> Views, ImmutableArray<FeatureServiceDefinition> Services)
{
    /// <summary>What is declared of topics; one that is not here has no rules.</summary>
    public ImmutableArray<TopicDefinition> Topics { get; init; } = [];
}

/// <summary>Named features of one entity, computed from one event source.</summary>
/// <param name="Name">The view's name, unique.</param>
/// <param name="Position">Where it is declared.</param>
/// <param name="Entity">The entity type: card, user, terminal ...</param>
/// <param name="Source">The event source (a topic's name).</param>
/// <param name="KeyField">The source's text field that holds the entity key.</param>
/// <param name="TimeField">The source's time field that is the event time.</param>
/// <param name="DelayMillis">How far back every window of the view ends; 0 or more.</param>
/// <param name="Features">The features, in order.</param>
public sealed record FeatureViewDefinition(
    string Name,
    SourcePosition Position,
    string Entity,
    string Source,
    string KeyField,
    string TimeField,
    long DelayMillis,
    ImmutableArray<AggregationDefinition> Features);

/// <summary>One aggregation over one or several windows: one feature a window.</summary>
/// <param name="Name">The feature's name without its window.</param>
/// <param name="Position">Where it is declared.</param>
/// <param name="Aggregation">The aggregation's registered name and its place.</param>
/// <param name="Inputs">What is aggregated, type-checked against the source; empty for <c>"*"</c>.</param>
/// <param name="Where">A flag expression that an event must fulfil; null for all events.</param>
/// <param name="Windows">The windows; empty for the whole lifetime.</param>
/// <param name="Default">What stands in for an absent or expired value; null for nothing.</param>
/// <param name="TtlMillis">The age of its newest event at which a value expires; null for never.</param>
/// <param name="Parameters">The aggregation's own parameters by name, such as percentile's <c>p</c>.</param>
public sealed record AggregationDefinition(
    string Name,
    SourcePosition Position,
    Located<string> Aggregation,
    ImmutableArray<Expression> Inputs,
    Expression? Where,
    ImmutableArray<WindowDefinition> Windows,
    double? Default,
    long? TtlMillis,
    ImmutableDictionary<string, double> Parameters);

/// <summary>A span of event time and how it is written in feature names, such as <c>7d</c>.</summary>
public readonly record struct WindowDefinition(string Label, long Millis);

/// <summary>The ordered list of features that one model reads.</summary>
/// <param name="Name">The service's name, unique.</param>
/// <param name="Position">Where it is declared.</param>
/// <param name="RequestSource">The event source whose fields a request has (<c>request.amount</c>); null when no element names one.</param>
/// <param name="Reads">Full names of all view features that the vector or its derivations need, each once; their index is their slot in
/// <see cref="ExpressionContext.Features"/>.</param>
/// <param name="Features">Its vector, in order.</param>
public sealed record FeatureServiceDefinition(
    string Name,
    SourcePosition Position,
    string? RequestSource,
    ImmutableArray<string> Reads,
    ImmutableArray<ServiceFeature> Features);

/// <summary>One element of a feature service's vector.</summary>
/// <param name="Name"><c>view.feature_window</c>, <c>request.field</c>, or a derived feature's own name.</param>
/// <param name="Position">Where it is named.</param>
/// <param name="Derivation">The expression of a derived feature or request field; null for a view's feature.</param>
public sealed record ServiceFeature(string Name, SourcePosition Position, Expression? Derivation);
