using System.Collections.Immutable;
using Streaming.Features.Events;
using Streaming.Features.Language;

namespace Streaming.Features.Aggregations;

/// <summary>
/// An aggregation of the language: what a definition may say of it, and how one use of it is compiled. To add one, write one
/// file like its neighbours, name it in <see cref="AggregationRegistry"/> and inherit the kit in one test.
/// </summary>
internal abstract class Aggregation(AggregationSignature signature)
{
    protected static readonly ImmutableArray<FieldType> Numeric = [FieldType.Number, FieldType.Flag];
    protected static readonly ImmutableArray<FieldType> Comparable = [FieldType.Number, FieldType.Flag, FieldType.Time];
    protected static readonly ImmutableArray<FieldType> Any = [FieldType.Number, FieldType.Flag, FieldType.Text, FieldType.Time];

    /// <summary>What the language checks.</summary>
    public AggregationSignature Signature { get; } = signature;

    /// <summary>Compiles one use over one window.</summary>
    public abstract Aggregator Compile(AggregationUse use);

    /// <summary>The signature of an aggregation of one input without parameters.</summary>
    protected static AggregationSignature OneInput(
        string name, ImmutableArray<FieldType> accepts, bool lifetime, string summary, bool keepsType = false) =>
        new(name, 1, AcceptsAll: false, accepts, lifetime, keepsType, [], summary);
}
