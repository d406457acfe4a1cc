using System.Collections.Immutable;
using Streaming.Features.Aggregations;
using Streaming.Features.Events;
using Streaming.Features.Language;
using Streaming.Hocon;

namespace Streaming.Features.Tests.Language;

/// <summary>The sources that the language's tests know; the aggregations are the product's.</summary>
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
        new SourceField("event_id", FieldType.Text, false),
    ]);

    public static readonly EventSource Clicks = new("clicks",
    [
        new SourceField("user_id", FieldType.Text, false),
        new SourceField("kind", FieldType.Text, false),
        new SourceField("price", FieldType.Number, true),
        new SourceField("ts", FieldType.Time, false),
    ]);

    public static readonly EventSource Labels = new("labels",
    [
        new SourceField("transaction_id", FieldType.Text, false),
        new SourceField("terminal_id", FieldType.Text, false),
        new SourceField("transaction_ts", FieldType.Time, false),
        new SourceField("fraud", FieldType.Flag, false),
        new SourceField("labelled_at", FieldType.Time, false),
    ]);

    public static readonly EventSource[] Sources = [Transactions, Clicks, Labels];

    public static (FeatureDefinitions Definitions, ImmutableArray<Diagnostic> Diagnostics) Parse(string text, string file = "a.conf") =>
        FeatureLanguage.Parse([(file, text)], Sources, AggregationRegistry.Signatures);

    /// <summary>Definitions that must be faultless.</summary>
    public static FeatureDefinitions ParseGood(string text)
    {
        var (definitions, diagnostics) = Parse(text);
        Assert.True(diagnostics.IsEmpty, string.Join("\n", diagnostics));
        return definitions;
    }
}
