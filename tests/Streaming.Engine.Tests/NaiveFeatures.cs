using System.Text;
using Streaming.Contracts.Events;
using Streaming.Features.Events;
using Streaming.Features.Plans;
using Streaming.Features.State;

namespace Streaming.Engine.Tests;

/// <summary>The features of <see cref="TestFeatures"/> by nested loops over the log's events: the oracle.</summary>
internal sealed class NaiveFeatures
{
    private const long Day = Events.Day;
    private readonly List<(int Partition, long Offset, Transaction Event)> _log;

    public NaiveFeatures(IEnumerable<(int Partition, long Offset, Transaction Event)> log)
    {
        _log = [.. log];
        At = Math.Max(Events.Start, _log.Select(each => each.Event.Ts.Millis).DefaultIfEmpty(Events.Start).Max()) + 1;
    }

    /// <summary>Behind every event.</summary>
    public long At { get; }

    public IEnumerable<string> Cards => _log.Select(each => each.Event.CardId).Distinct();

    public IEnumerable<string> Terminals => _log.Select(each => each.Event.TerminalId).Distinct();

    /// <summary>The first difference of what a store answers; null when there is none.</summary>
    public async Task<string?> DiffersAsync(FeatureCatalog catalog, Reader read)
    {
        foreach (var (type, key) in Cards.Select(static key => ("card", key)).Concat(Terminals.Select(static key => ("terminal", key))))
        {
            var entity = catalog.FindEntity(type)!;
            var values = new FeatureValue[entity.AllFeatures.OutputLength];
            var outcome = await read(entity.AllFeatures, Encoding.UTF8.GetBytes(key), At, null, 0, values, CancellationToken.None);
            if ((outcome == ReadOutcome.Done ? Differs(entity, key, values) : outcome.ToString()) is { } difference)
            {
                return difference;
            }
        }

        return null;
    }

    /// <summary>What is wrong with values that were read of all of an entity's features; null when nothing is.</summary>
    public string? Differs(EntityPlan entity, string key, FeatureValue[] values)
    {
        var expected = entity.Name == "card" ? Card(key, At) : Terminal(key, At);
        var slot = 0;
        foreach (var feature in entity.Views.SelectMany(view => view.Features))
        {
            var (actual, want) = (values[slot++], expected[feature.FullName]);
            var same = want is string or null ? Equals(actual.Text, want) : Math.Abs(actual.Number - (double)want) <= 1e-9 * Math.Max(
                1,
                Math.Abs((double)want));
            if (!same)
            {
                return $"{key} {feature.FullName}: expected {want ?? "null"}, actual {actual}";
            }
        }

        return null;
    }

    private Dictionary<string, object?> Card(string key, long at)
    {
        var own = _log.Where(each => each.Event.CardId == key)
            .OrderBy(each => each.Event.Ts.Millis)
            .ThenBy(each => each.Offset)
            .Select(each => each.Event)
            .ToList();
        var month = Window(own, at, 30);
        return new()
        {
            ["card_activity.n_1d"] = (double)Window(own, at, 1).Count,
            ["card_activity.n_30d"] = (double)month.Count,
            ["card_activity.total_7d"] = Window(own, at, 7).Sum(each => each.Amount),
            ["card_activity.mean_30d"] = month.Select(each => each.Amount).DefaultIfEmpty(0).Average(),
            ["card_activity.most_30d"] = month.Select(each => each.Amount).DefaultIfEmpty(0).Max(),
            ["card_activity.terminals_30d"] = (double)month.Select(each => each.TerminalId).Distinct().Count(),
            ["card_activity.last_channel_30d"] = month.LastOrDefault(each => each.Channel is not null)?.Channel,
        };
    }

    private Dictionary<string, object?> Terminal(string key, long at)
    {
        var own = _log.Where(each => each.Event.TerminalId == key).Select(each => each.Event).ToList();
        return new()
        {
            ["terminal_risk.n_1d"] = (double)Window(own, at - (7 * Day), 1).Count,
            ["terminal_risk.n_30d"] = (double)Window(own, at - (7 * Day), 30).Count,
            ["terminal_risk.risk_30d"] =
                Window(own, at - (7 * Day), 30).Select(each => each.Fraud == true ? 1.0 : 0.0).DefaultIfEmpty(0).Average(),
        };
    }

    private static List<Transaction> Window(IEnumerable<Transaction> events, long end, int days) =>
        [.. events.Where(each => each.Ts.Millis > end - (days * Day) && each.Ts.Millis <= end)];

    /// <summary>As <see cref="Streaming.Features.Serving.IFeatureStore.ReadAsync"/>.</summary>
    public delegate ValueTask<ReadOutcome> Reader(
        EntityReadPlan read,
        ReadOnlyMemory<byte> key,
        long atMillis,
        EventBatch? request,
        int row,
        Memory<FeatureValue> output,
        CancellationToken cancellation);
}
