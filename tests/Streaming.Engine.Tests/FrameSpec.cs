using System.Collections.Concurrent;
using Streaming.Engine.Deliveries;

namespace Streaming.Engine.Tests;

/// <summary>Deliveries that may leave the node fit a frame.</summary>
public sealed class FrameSpec : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Many_events_of_one_entity_go_in_several_deliveries(bool bytes)
    {
        var settings = SourceHarness.Quick with { DirectDelivery = false, FrameBytes = 1_000 };
        await using var harness = await SourceHarness.CreateAsync(_folder, settings, bytes: bytes);
        var sent = new ConcurrentQueue<Sent>();
        harness.Faults.Passes = delivery =>
        {
            // Now: its columns are used again once it is applied.
            sent.Enqueue(new Sent(
                delivery.Feed.Entity.Name,
                (delivery.Read.Number, delivery.Number),
                delivery.PreviousOffset,
                delivery.Batch.Offsets[delivery.Rows[^1]],
                delivery.Rows.Count,
                delivery.Rows.Sum(row => new FeedColumns(delivery.Feed).RowBytes(delivery.Batch, row)),
                bytes ? delivery.Read : new object()));
            return true;
        };
        var large = Events.Transaction("c", Events.Start + 50) with { Channel = new string('x', 2_000) };
        await harness.Events.AppendAsync(Enumerable.Range(0, 90).Select(i => i == 50 ? large : Events.Transaction("c", Events.Start + i)));
        harness.Start();
        await harness.CaughtUpAsync();

        Assert.Null(await harness.DiffersAsync(await harness.NaiveAsync()));
        var card = sent.Where(delivery => delivery.Type == "card").OrderBy(delivery => delivery.Previous).ToList();
        Assert.True(card.Count > 4, $"{card.Count} deliveries");
        Assert.Equal(90, card.Sum(delivery => delivery.Rows));
        Assert.All(card, delivery => Assert.True(delivery.Rows == 1 || delivery.Bytes <= settings.FrameBytes));
        Assert.Contains(card, delivery => delivery.Rows == 1 && delivery.Bytes > settings.FrameBytes);
        Assert.All(sent.GroupBy(delivery => delivery.Bundle), bundle => Assert.True(
            bundle.Sum(delivery => delivery.Rows) == 1 || bundle.Sum(delivery => delivery.Bytes) <= settings.FrameBytes));
        Assert.Equal(card.Count, card.Select(delivery => delivery.Number).Distinct().Count());
        Assert.Equal(card.Skip(1).Select(delivery => delivery.Previous), card.SkipLast(1).Select(delivery => delivery.Last));
    }

    private sealed record Sent(string Type, (long Read, int Delivery) Number, long Previous, long Last, int Rows, int Bytes, object Bundle);
}
