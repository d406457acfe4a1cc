using System.Collections.Immutable;

namespace Streaming.Chaos.Folds;

/// <summary>
/// All features of schemas/features and Features/chaos.conf, written down a second time by hand. A feature that is not here, or that a node
/// does not have, fails the comparison.
/// </summary>
internal static class NaiveFeatures
{
    private static readonly TimeSpan s_delay = TimeSpan.FromDays(7);
    private static readonly TimeSpan s_year = TimeSpan.FromDays(400);
    private static readonly ImmutableArray<(string Name, TimeSpan Span)> s_long =
        [("1d", TimeSpan.FromDays(1)), ("7d", TimeSpan.FromDays(7)), ("30d", TimeSpan.FromDays(30))];

    private static readonly ImmutableArray<(string Name, TimeSpan Span)> s_short =
        [("1h", TimeSpan.FromHours(1)), ("1d", TimeSpan.FromDays(1)), ("7d", TimeSpan.FromDays(7))];

    /// <summary>Those of a card.</summary>
    public static Dictionary<string, Expected> Card(EventList transactions)
    {
        var all = new Dictionary<string, Expected>();
        static double? Amount(LogRecord each) => each.Number("amount");
        foreach (var (name, span) in s_long)
        {
            var window = transactions.Window(span);
            all[$"card_activity.tx_count_{name}"] = window.Count();
            all[$"card_activity.amount_avg_{name}"] = window.Average(Amount, 0.0);
        }

        var (day, week, month) = (transactions.Window(s_long[0].Span), transactions.Window(s_long[1].Span), transactions.Window(s_long[2].Span));
        all["card_habits.amount_stddev_30d"] = month.Deviation(Amount, 0.0);
        all["card_habits.amount_max_30d"] = month.Max(Amount, 0.0);
        all["card_habits.terminals_1d"] = day.Distinct(each => each.Text("terminal_id"), isApproximate: true);
        all["card_habits.terminals_30d"] = month.Distinct(each => each.Text("terminal_id"), isApproximate: true);
        all["card_habits.since_last_30d"] = month.SinceLast(2_592_000);
        all["chaos_card.n"] = transactions.Window(null).Count();
        all["chaos_card.total"] = transactions.Window(null).Sum(Amount);
        all["chaos_card.smallest_7d"] = week.Min(Amount);
        all["chaos_card.middle_1d"] = day.Median(Amount);
        all["chaos_card.online_30d"] = month.Ratio(each => each.Text("channel") == "online" ? Amount(each) : 0, Amount);
        all["chaos_card.shops_1d"] = day.Distinct(each => each.Text("terminal_id"));
        all["chaos_card.spread_7d"] = week.Variance(Amount);
        all["chaos_card.newest_30d"] = month.Last(each => each.Text("event_id"));
        all["chaos_card.oldest_30d"] = month.First(each => each.Text("event_id"));
        return all;
    }

    /// <summary>Those of a terminal.</summary>
    public static Dictionary<string, Expected> Terminal(EventList transactions, EventList labels)
    {
        var all = new Dictionary<string, Expected>();
        static double? Fraud(LogRecord each) => each.Flag("fraud") switch { true => 1, false => 0, null => null };
        foreach (var (name, span) in s_long)
        {
            all[$"terminal_risk.tx_count_{name}"] = transactions.Window(span, s_delay).Count();
            all[$"terminal_risk.risk_{name}"] = transactions.Window(span, s_delay).Average(Fraud, 0.0);
            all[$"terminal_labels.tx_count_{name}"] = labels.Window(span, s_delay).Count();
            all[$"terminal_labels.risk_{name}"] = labels.Window(span, s_delay).Average(Fraud, 0.0);
        }

        all["chaos_terminal.labels_400d"] = labels.Window(s_year).Count();
        all["chaos_terminal.frauds_400d"] = labels.Window(s_year).Sum(Fraud);
        return all;
    }

    /// <summary>Those of a user.</summary>
    public static Dictionary<string, Expected> User(EventList clicks)
    {
        var all = new Dictionary<string, Expected>();
        static double? Price(LogRecord each) => each.Number("price");
        EventList Of(string kind) => clicks.Where(each => each.Text("kind") == kind);
        foreach (var (name, span) in s_short)
        {
            all[$"user_clicks.views_{name}"] = Of("view").Window(span).Count();
            all[$"user_clicks.carts_{name}"] = Of("cart").Window(span).Count();
        }

        foreach (var (name, span) in s_long)
        {
            all[$"user_clicks.purchases_{name}"] = Of("purchase").Window(span).Count();
        }

        foreach (var (name, span) in s_short[..2])
        {
            all[$"user_clicks.items_{name}"] = clicks.Window(span).Distinct(each => each.Text("item_id"));
            all[$"user_clicks.categories_{name}"] = clicks.Window(span).Distinct(each => each.Text("category"));
        }

        all["user_clicks.sessions_7d"] = clicks.Window(s_long[1].Span).Distinct(each => each.Text("session_id"), isApproximate: true);
        all["user_clicks.spent_30d"] = Of("purchase").Window(s_long[2].Span).Sum(Price, 0.0);
        static Func<LogRecord, double?> Is(string kind) => each => each.Text("kind") == kind ? 1 : 0;
        all["user_clicks.cart_share_7d"] = clicks.Window(s_long[1].Span).Ratio(Is("cart"), Is("view"));
        all["user_clicks.buy_share_30d"] = clicks.Window(s_long[2].Span).Ratio(Is("purchase"), Is("view"));
        all["user_clicks.since_last_30d"] = clicks.Window(s_long[2].Span).SinceLast(2_592_000);
        all["user_clicks.since_cart_30d"] = Of("cart").Window(s_long[2].Span).SinceLast(2_592_000);
        all["user_clicks.since_purchase_30d"] = Of("purchase").Window(s_long[2].Span).SinceLast(2_592_000);
        AddRecent(all, clicks);
        all["chaos_user.clicks"] = clicks.Window(null).Count();
        all["chaos_user.spent"] = Of("purchase").Window(null).Sum(Price);
        return all;
    }

    private static void AddRecent(Dictionary<string, Expected> all, EventList clicks)
    {
        EventList Of(string kind) => clicks.Where(each => each.Text("kind") == kind);
        var earlier = TimeSpan.FromMinutes(2);
        all["user_recent.viewed_1d"] = clicks.Window(s_long[0].Span).Last(each => each.Text("item_id"));
        var named = clicks.Where(each => each.Text("category") is not null);
        all["user_recent.category_1d"] = named.Window(s_long[0].Span).Last(each => each.Text("category"));
        all["user_recent.carted_1d"] = Of("cart").Window(s_long[0].Span).Last(each => each.Text("item_id"));
        all["user_recent.carted_price_1d"] = Of("cart").Window(s_long[0].Span).LastNumber(each => each.Number("price"));
        all["user_recent.bought_price_1d"] = Of("purchase").Window(s_long[0].Span).LastNumber(each => each.Number("price"));
        all["user_earlier.viewed_1d"] = clicks.Window(s_long[0].Span, earlier).Last(each => each.Text("item_id"));
        all["user_earlier.category_1d"] = named.Window(s_long[0].Span, earlier).Last(each => each.Text("category"));
        all["user_earlier.price_1d"] = Of("view").Window(s_long[0].Span, earlier).Average(each => each.Number("price"));
    }
}
