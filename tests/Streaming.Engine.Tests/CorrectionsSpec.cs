using System.Text;
using Streaming.Contracts.Events;
using Streaming.Features.Events;
using Streaming.Features.Plans;
using Streaming.Features.State;
using Streaming.Persistence.Conformance;

namespace Streaming.Engine.Tests;

/// <summary>Labels that are told anew, by the shipped definitions, on their way through sources, entities and snapshots.</summary>
public sealed class CorrectionsSpec : IDisposable
{
    private const long Day = Streaming.Engine.Tests.Events.Day;
    private static readonly long s_start = Streaming.Engine.Tests.Events.Start;

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_label_that_is_corrected_counts_once_and_as_it_is_known_at_the_time_of_the_read()
    {
        var store = new MemoryStore();
        await using (var first = await RunningEngine.StartAsync(_folder, TestFeatures.Shipped, direct: true, store: store))
        {
            await first.Events.AppendAsync(
                [LabelOf("a", s_start, true, s_start + (7 * Day)), LabelOf("b", s_start + 1, false, s_start + (7 * Day)), LabelOf("a", s_start, true, s_start + (7 * Day))]);
            await first.AppliedAsync(3);
            Assert.Equal((2, 0.5), await ReadAsync(first.Engine, s_start + (7 * Day) + 1));
            await Eventually.TrueAsync("durable", () => first.Engine.Partitions.Sum(partition => partition.RestartOffset) == 3);
        }

        await using var second = await RunningEngine.StartAsync(_folder, TestFeatures.Shipped, direct: true, store: store);
        await second.AppliedAsync(3);
        Assert.Equal((2, 0.5), await ReadAsync(second.Engine, s_start + (7 * Day) + 1));
        await second.Events.AppendAsync([LabelOf("a", s_start, false, s_start + (7 * Day) + 1000)]);
        await second.AppliedAsync(4);

        Assert.Equal((2, 0), await ReadAsync(second.Engine, s_start + (7 * Day) + 1000));
        Assert.Equal((2, 0.5), await ReadAsync(second.Engine, s_start + (7 * Day) + 999));
        Assert.Equal((0, 0), await ReadAsync(second.Engine, s_start + (7 * Day) - 1));
    }

    private static Label LabelOf(string transaction, long at, bool fraud, long labelledAt) => new()
    {
        TransactionId = transaction,
        CardId = "c",
        TerminalId = "t",
        TransactionTs = new EventTime(at),
        Fraud = fraud,
        LabelledAt = new EventTime(labelledAt),
    };

    // As a score does: from outside first, and of the actor where that is not enough.
    private static async Task<(double Count, double Risk)> ReadAsync(StreamingEngine engine, long at)
    {
        var plan = engine.Catalog.FindEntity("terminal")!;
        var names = plan.Views.SelectMany(view => view.Features).Select(feature => feature.FullName).ToList();
        var values = new FeatureValue[plan.AllFeatures.OutputLength];
        var outcome = engine.TryRead(plan.AllFeatures, "t"u8, at, null, 0, values);
        if (outcome is not ReadOutcome.Done)
        {
            outcome = await engine.ReadAsync(plan.AllFeatures, Encoding.UTF8.GetBytes("t"), at, null, 0, values, CancellationToken.None);
        }

        Assert.Equal(ReadOutcome.Done, outcome);
        return (values[names.IndexOf("terminal_labels.tx_count_30d")].Number, values[names.IndexOf("terminal_labels.risk_30d")].Number);
    }
}
