using Streaming.Contracts.Schemas;
using Streaming.Features.Plans;

namespace Streaming.Engine.Tests;

/// <summary>What the tests compute: a view by card, one by terminal that is fed by every partition, one that labels feed.</summary>
internal static class TestFeatures
{
    private const string Text = """
        feature-view card_activity {
          entity = card, source = transactions, key = card_id, time = ts
          features {
            n            { count = "*", over = [1d, 30d] }
            total        { sum = amount, over = [7d], default = 0 }
            mean         { avg = amount, over = [30d], default = 0 }
            most         { max = amount, over = [30d], default = 0 }
            terminals    { count_distinct = terminal_id, over = [30d], default = 0 }
            last_channel { last = channel, over = [30d] }
          }
        }
        feature-view terminal_risk {
          entity = terminal, source = transactions, key = terminal_id, time = ts
          delay = 7d
          features { n { count = "*", over = [1d, 30d] }, risk { avg = fraud, over = [30d], default = 0 } }
        }
        """;

    public static FeatureCatalog Catalog { get; } = Compile([("test.conf", Text)]);

    /// <summary>The definitions that the project ships.</summary>
    public static FeatureCatalog Shipped { get; } =
        Compile([
            .. Directory.GetFiles(Path.Combine(AppContext.BaseDirectory, "features"), "*.conf")
                .Order(StringComparer.Ordinal)
                .Select(file => (file, File.ReadAllText(file))),
        ]);

    /// <summary>A catalog of one text.</summary>
    public static FeatureCatalog Of(string text) => Compile([("test.conf", text)]);

    private static FeatureCatalog Compile(IReadOnlyList<(string File, string Text)> files)
    {
        var (catalog, diagnostics) = FeatureCatalog.Compile(files, [.. EventSchemas.Sources.Values]);
        return catalog ?? throw new InvalidOperationException(string.Join(Environment.NewLine, diagnostics));
    }
}
