using Streaming.Features.Plans;

namespace Streaming.Features.Tests.Kit;

/// <summary>Streams in which events come again, and the views of every aggregation that they are applied to.</summary>
internal static class DuplicateStreams
{
    public const long Horizon = 7 * Views.Day;

    private const string Definitions = """
        feature-view exact {
          entity = card, source = transactions, key = card_id, time = ts
          features {
            count { count = "*", over = [1h, 7d, 30d] }, many { count = "*" }, sum { sum = amount, over = [1d, 30d] }
            mean { avg = amount, over = 30d }, low { min = amount, over = 30d }, high { max = amount }
            spread { stddev = amount, over = 30d }, share { ratio = [other, amount], over = 30d }
            middle { percentile = amount, p = 50, over = 30d }, marks { count_distinct = other, over = 30d }
            gap { time_since_last = "*", over = 30d }, gap_where { time_since_last = amount, where = "other > 0", over = 30d }
          }
        }
        feature-view ordered {
          entity = card, source = transactions, key = card_id, time = ts
          features { first { first = mcc, over = 30d }, last { last = mcc }, mccs { approx_count_distinct = mcc, over = 7d } }
        }
        """;

    /// <summary>An entity whose topic declares duplicates, and the same without.</summary>
    public static EntityPlan With { get; } = Compile($"topic transactions {{ duplicates {{ horizon = 7d }} }}\n{Definitions}");

    public static EntityPlan Without { get; } = Compile($"topic transactions {{ duplicates = off }}\n{Definitions}");

    public static EntityPlan Compile(string text, Events.EventSource? source = null)
    {
        var (catalog, diagnostics) = FeatureCatalog.Compile([("duplicates.conf", text)], [source ?? Transactions.Source]);
        Assert.Empty(diagnostics);
        return Assert.Single(catalog!.Entities);
    }

    /// <summary>
    /// A random stream, each event with an id, of which some come again: at once, or up to a fortnight later; a copy has the place in the log
    /// that it has there, in the partition of the first.
    /// </summary>
    public static Transaction[] Random(int seed)
    {
        var random = new Random(seed);
        var log = new List<Transaction>();
        foreach (var e in new RandomStream(seed).Events)
        {
            log.Add(e with { Id = $"tx-{log.Count}" });
            while (random.Next(3) == 0)
            {
                log.Add(random.Next(2) == 0 ? log[^1] : log[random.Next(log.Count)]);
            }
        }

        return Numbered(log);
    }

    /// <summary>The same events, numbered in each partition as they come.</summary>
    public static Transaction[] Numbered(IEnumerable<Transaction> events)
    {
        var next = new Dictionary<int, long>();
        return [.. events.Select(e => e with { Offset = next[e.Partition] = next.GetValueOrDefault(e.Partition) + 1 })];
    }
}
