using System.Collections.Immutable;
using Streaming.Features.Events;
using Streaming.Features.Language;

namespace Streaming.Features.Tests.Language;

/// <summary>The sources and aggregations that the language's tests know, independent of the real ones.</summary>
internal static class Registry
{
    public static readonly EventSource Transactions = new("transactions",
    [
        new SourceField("card_id", FieldType.Text, false),
        new SourceField("user_id", FieldType.Text, true),
        new SourceField("terminal_id", FieldType.Text, false),
        new SourceField("amount", FieldType.Number, false),
        new SourceField("mcc", FieldType.Text, true),
        new SourceField("channel", FieldType.Text, true),
        new SourceField("fraud", FieldType.Flag, true),
        new SourceField("ts", FieldType.Time, false),
        new SourceField("seen", FieldType.Time, true),
        new SourceField("fee", FieldType.Number, true),
    ]);

    public static readonly EventSource Clicks = new("clicks",
    [
        new SourceField("user_id", FieldType.Text, false),
        new SourceField("kind", FieldType.Text, false),
        new SourceField("price", FieldType.Number, true),
        new SourceField("ts", FieldType.Time, false),
    ]);

    public static readonly EventSource[] Sources = [Transactions, Clicks];

    private static readonly ImmutableArray<FieldType> Numbers = [FieldType.Number, FieldType.Flag];

    private static readonly ImmutableArray<FieldType> Anything = [FieldType.Number, FieldType.Flag, FieldType.Text, FieldType.Time];

    public static readonly AggregationSignature[] Aggregations =
    [
        Signature("count", accepts: Anything, acceptsAll: true, lifetime: true),
        Signature("sum", lifetime: true),
        Signature("avg", lifetime: true),
        Signature("min"),
        Signature("max"),
        Signature("variance"),
        Signature("stddev"),
        Signature("first", accepts: Anything, keepsInputType: true),
        Signature("last", accepts: Anything, lifetime: true, keepsInputType: true),
        Signature("count_distinct", accepts: Anything),
        Signature("approx_count_distinct", accepts: Anything),
        Signature("percentile", parameters: [new AggregationParameter("p", 0, 100)]),
        Signature("ratio", inputs: 2, lifetime: true),
        Signature("time_since_last", accepts: Anything, acceptsAll: true, lifetime: true),
    ];

    public static (FeatureDefinitions Definitions, ImmutableArray<Diagnostic> Diagnostics) Parse(string text, string file = "a.conf") =>
        FeatureLanguage.Parse([(file, text)], Sources, Aggregations);

    /// <summary>Definitions that must be faultless.</summary>
    public static FeatureDefinitions ParseGood(string text)
    {
        var (definitions, diagnostics) = Parse(text);
        Assert.True(diagnostics.IsEmpty, string.Join("\n", diagnostics));
        return definitions;
    }

    private static AggregationSignature Signature(
        string name,
        int inputs = 1,
        ImmutableArray<FieldType>? accepts = null,
        bool acceptsAll = false,
        bool lifetime = false,
        bool keepsInputType = false,
        ImmutableArray<AggregationParameter>? parameters = null) =>
        new(name, inputs, acceptsAll, accepts ?? Numbers, lifetime, keepsInputType, parameters ?? [], "");
}
