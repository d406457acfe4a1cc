using Streaming.Features.Events;
using Streaming.Features.Plans;

namespace Streaming.Scoring.Tests;

/// <summary>Sources as Streaming.Contracts has them, which this room does not know, and a small catalog over them.</summary>
internal static class Samples
{
    public static EventSource Transactions { get; } = Source("transactions", "event_id card_id user_id terminal_id amount# currency ts@ mcc country channel fraud?");

    public static EventSource Labels { get; } = Source("labels", "transaction_id card_id terminal_id transaction_ts@ fraud? labelled_at@");

    public static EventSource Clicks { get; } = Source("clicks", "event_id user_id session_id item_id category kind price# ts@");

    public static FeatureCatalog Catalog()
    {
        const string features = """
            feature-view card_activity {
              entity = card, source = transactions, key = card_id, time = ts
              features { tx_count { count = "*", over = [1d] }, amount_avg { avg = amount, over = [1d], default = 7 }, biggest { max = amount, over = [1d] } }
            }
            feature-service fraud {
              request = transactions
              features = [request.amount, card_activity.tx_count_1d, card_activity.amount_avg_1d, card_activity.biggest_1d]
            }
            """;
        var (catalog, diagnostics) = FeatureCatalog.Compile([("features.conf", features)], [Transactions, Labels]);
        return catalog ?? throw new InvalidOperationException(string.Join('\n', diagnostics));
    }

    private static EventSource Source(string name, string fields) => new(name, [.. fields.Split(' ').Select(Field)]);

    private static SourceField Field(string text) => text[^1] switch
    {
        '#' => new(text[..^1], FieldType.Number, false),
        '@' => new(text[..^1], FieldType.Time, false),
        '?' => new(text[..^1], FieldType.Flag, true),
        _ => new(text, FieldType.Text, false),
    };
}
