using Streaming.Contracts.Schemas;
using Streaming.Features.Plans;

namespace Streaming.Ingest.Tests;

/// <summary>What the tests' events feed.</summary>
internal static class Samples
{
    private const string Features = """
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
        """;

    public static FeatureCatalog Catalog()
    {
        var (catalog, diagnostics) = FeatureCatalog.Compile([("features.conf", Features)], [.. EventSchemas.Sources.Values]);
        return catalog ?? throw new InvalidOperationException(string.Join('\n', diagnostics));
    }
}
