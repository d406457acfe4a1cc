using Streaming.Features.Events;
using Streaming.Features.Plans;
using Streaming.Scoring.Definitions;

namespace Streaming.Scoring.Tests;

/// <summary>Sources as Streaming.Contracts has them, which this room does not know, and a small catalog over them.</summary>
internal static class Samples
{
    public static EventSource Transactions { get; } = Source("transactions", "event_id card_id user_id terminal_id amount# currency ts@ mcc country channel fraud?");

    public static EventSource Labels { get; } = Source("labels", "transaction_id card_id terminal_id transaction_ts@ fraud? labelled_at@");

    public static EventSource Clicks { get; } = Source("clicks", "event_id user_id session_id item_id category kind price# ts@");

    public const string Features = """
        feature-view card_activity {
          entity = card, source = transactions, key = card_id, time = ts
          features { tx_count { count = "*", over = [1d] }, amount_avg { avg = amount, over = [1d], default = 7 }, biggest { max = amount, over = [1d] } }
        }
        feature-service fraud {
          request = transactions
          features = [request.amount, card_activity.tx_count_1d, card_activity.amount_avg_1d, card_activity.biggest_1d]
        }
        """;

    public const string Models = """
        model fraud {
          service = fraud, file = "fraud.onnx", champion = true
          thresholds { review = 0.3, decline = 0.8 }
          fallback { score = 0.5, decision = review }
          request { required = [card_id, amount] }
          reasons { high_amount = "request.amount > 220", much = "card_activity.biggest_1d > 0" }
        }
        """;

    public static FeatureCatalog Catalog(string features = Features)
    {
        var (catalog, diagnostics) = FeatureCatalog.Compile([("features.conf", features)], [Transactions, Labels]);
        return catalog ?? throw new InvalidOperationException(string.Join('\n', diagnostics));
    }

    public static ModelDefinition Model(FeatureCatalog catalog)
    {
        var (models, diagnostics) = ModelDefinitions.Parse([("models.conf", Models)], catalog);
        Assert.Empty(diagnostics);
        return models[0];
    }

    public static Scorer Scorer(IScoringModel model)
    {
        var catalog = Catalog();
        return new(Model(catalog), catalog.FindService("fraud")!, model);
    }

    /// <summary>A transaction of which only the amount is known.</summary>
    public static EventBatch Event(double amount)
    {
        var batch = new EventBatch(Transactions, default, 1) { Count = 1 };
        for (var field = 0; field < Transactions.Fields.Length; field++)
        {
            batch[field]!.SetNull(0);
        }

        batch.Numbers(Transactions.IndexOf("amount"))[0] = amount;
        return batch;
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
