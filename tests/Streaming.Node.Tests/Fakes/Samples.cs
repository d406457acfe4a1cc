using Streaming.Contracts.Schemas;
using Streaming.Features.Plans;
using Streaming.Scoring.Definitions;

namespace Streaming.Node.Tests.Fakes;

/// <summary>A small catalog and model, the same in every test.</summary>
internal static class Samples
{
    public const string Features = """
        topic transactions { duplicates { horizon = 7d } }
        feature-view card_activity {
          entity = card, source = transactions, key = card_id, time = ts
          features {
            tx_count   { count = "*", over = [1d, 7d] }
            amount_avg { avg = amount, over = [7d], default = 0 }
            country    { last = country }
          }
        }
        feature-view terminal_risk {
          entity = terminal, source = labels, key = terminal_id, time = transaction_ts
          features { risk { avg = fraud, over = [7d], default = 0 } }
        }
        feature-service fraud {
          request = transactions
          features = [request.amount, card_activity.tx_count_1d, card_activity.tx_count_7d, card_activity.amount_avg_7d, terminal_risk.risk_7d]
        }
        """;

    public const string Models = """
        model fraud {
          service = fraud
          file = "fraud.onnx"
          champion = true
          thresholds { review = 0.3, decline = 0.8 }
          fallback { score = 0.5, decision = review }
          request {
            required = [card_id, amount]
            minimum { amount = 0 }
            defaults { currency = EUR }
          }
          reasons {
            high_amount = "request.amount > 220"
            busy_card   = "card_activity.tx_count_1d >= 3"
            foreign     = "request.currency != 'EUR'"
          }
        }
        """;

    public const string SecondModel = """
        model second {
          service = fraud
          file = "second.onnx"
          thresholds { review = 0.1, decline = 0.2 }
          fallback { score = 0.4, decision = decline }
          request { required = [card_id] }
        }
        """;

    public static FeatureCatalog Catalog(string features = Features) => Catalog([("features.conf", features)]);

    /// <summary>What the repository ships.</summary>
    public static FeatureCatalog ShippedCatalog() => Catalog(Shipped("features"));

    public const string ChallengerModel = """
        model next {
          service = fraud
          file = "next.onnx"
          challenger-of = fraud
          sample = 1
          thresholds { review = 0.1, decline = 0.2 }
          fallback { score = 0.4, decision = decline }
        }
        """;

    /// <summary>A model that is not the champion.</summary>
    public static ModelDefinition Second(FeatureCatalog catalog, string text)
    {
        var (models, diagnostics) = ModelDefinitions.Parse([("models.conf", Models + "\n" + text)], catalog);
        return models is [_, var second] ? second : throw new InvalidOperationException(string.Join('\n', diagnostics));
    }

    public static ModelDefinition Model(FeatureCatalog catalog) => Model([("models.conf", Models)], catalog);

    /// <summary>What the repository ships.</summary>
    public static ModelDefinition ShippedModel(FeatureCatalog catalog) => Model(Shipped("models"), catalog);

    private static (string File, string Text)[] Shipped(string folder) =>
        [.. Directory.GetFiles(Path.Combine(RepositoryRoot.Path, "schemas", folder), "*.conf").Order().Select(file => (file, File.ReadAllText(file)))];

    private static FeatureCatalog Catalog((string File, string Text)[] files)
    {
        var (catalog, diagnostics) = FeatureCatalog.Compile(files, [.. EventSchemas.Sources.Values]);
        return catalog ?? throw new InvalidOperationException(string.Join('\n', diagnostics));
    }

    private static ModelDefinition Model((string File, string Text)[] files, FeatureCatalog catalog)
    {
        var (models, diagnostics) = ModelDefinitions.Parse(files, catalog);
        return models is [var model] ? model
            : models.SingleOrDefault(model => model.IsChampion) ?? throw new InvalidOperationException(string.Join('\n', diagnostics));
    }
}
