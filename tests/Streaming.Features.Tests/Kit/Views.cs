using System.Collections.Immutable;
using Streaming.Features.Language;
using Streaming.Features.Plans;
using Streaming.Hocon;

namespace Streaming.Features.Tests.Kit;

/// <summary>Feature views declared in code, and spans of time by their usual labels.</summary>
internal static class Views
{
    public const long Second = 1000;
    public const long Hour = 3600 * Second;
    public const long Day = 24 * Hour;

    public static readonly WindowDefinition OneMillisecond = new("1ms", 1);
    public static readonly WindowDefinition OneHour = new("1h", Hour);
    public static readonly WindowDefinition OneDay = new("1d", Day);
    public static readonly WindowDefinition SevenDays = new("7d", 7 * Day);
    public static readonly WindowDefinition ThirtyDays = new("30d", 30 * Day);

    private static readonly SourcePosition s_here = new("test.conf", 1, 1);

    public static AggregationDefinition Feature(
        string name,
        string aggregation,
        ImmutableArray<Expression> inputs,
        ImmutableArray<WindowDefinition> over,
        Expression? where = null,
        double? defaultValue = null,
        long? ttl = null,
        ImmutableDictionary<string, double>? parameters = null) =>
        new(name, s_here, new(aggregation, s_here), inputs, where, over, defaultValue, ttl, parameters ?? ImmutableDictionary<string, double>.Empty);

    public static FeatureViewDefinition View(string name, long delay, params ImmutableArray<AggregationDefinition> features) =>
        new(name, s_here, "card", Transactions.Source.Name, "card_id", "ts", delay, features);

    /// <summary>The plan of an entity with these views.</summary>
    public static EntityPlan Entity(params ImmutableArray<FeatureViewDefinition> views) =>
        FeatureCatalog.Compile(new FeatureDefinitions(views, []), [Transactions.Source]).Entities.Single();

    /// <summary>The same where the topic declares duplicates.</summary>
    public static EntityPlan WithIds(long horizon, params ImmutableArray<FeatureViewDefinition> views) => FeatureCatalog.Compile(
        new FeatureDefinitions(views, []) { Topics = [new(Transactions.Source.Name, s_here, new("event_id", horizon), null)] }, [Transactions.Source]).Entities.Single();

    /// <summary>The handbook's features of a card: how many transactions and their mean amount over three windows.</summary>
    public static FeatureViewDefinition CardActivity { get; } = View("card_activity", 0,
        Feature("tx_count", "count", [], [OneDay, SevenDays, ThirtyDays]),
        Feature("amount_avg", "avg", [Transactions.Amount], [OneDay, SevenDays, ThirtyDays]));
}
