using System.Collections.Immutable;
using Streaming.Features.Events;

namespace Streaming.Features.Language;

/// <summary>What the language must know of an aggregation to check its use.</summary>
/// <param name="Name">The registered name, such as <c>percentile</c>.</param>
/// <param name="Inputs">How many input expressions it takes.</param>
/// <param name="AcceptsAll">Whether <c>"*"</c> may stand in place of an input (count).</param>
/// <param name="Accepts">The types that its inputs may have.</param>
/// <param name="Lifetime">Whether <c>over</c> may be left out.</param>
/// <param name="KeepsInputType">Whether the result has the type of the input (first, last); otherwise it is a number.</param>
/// <param name="Parameters">Its own parameters and the inclusive range of each; all are required.</param>
/// <param name="Summary">One sentence for the documentation and for <c>streaming features</c>.</param>
public sealed record AggregationSignature(
    string Name,
    int Inputs,
    bool AcceptsAll,
    ImmutableArray<FieldType> Accepts,
    bool Lifetime,
    bool KeepsInputType,
    ImmutableArray<AggregationParameter> Parameters,
    string Summary);

/// <summary>A numeric parameter of an aggregation.</summary>
public sealed record AggregationParameter(string Name, double Minimum, double Maximum);
