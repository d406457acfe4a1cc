using System.Collections.Concurrent;
using Streaming.Engine.Deliveries;

namespace Streaming.Engine.Tests;

/// <summary>A node that stops while it reads history has much on its way to entities; none of it is of use any more.</summary>
public sealed class StoppingSpec : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task What_is_delivered_after_the_sources_stopped_is_left_alone(bool isStopped)
    {
        var settings = SourceHarness.Quick with { DirectDelivery = false };
        await using var harness = await SourceHarness.CreateAsync(_folder, settings with { Partitions = settings.Partitions.SetItem("transactions", 1) });
        await harness.Events.AppendAsync([Events.Transaction("c", Events.Start)]);
        var held = new ConcurrentQueue<Delivery>();
        harness.Faults.Passes = delivery =>
        {
            held.Enqueue(delivery);
            return false;
        };
        harness.Start();
        await Eventually.TrueAsync("deliveries", () => held.Count == 2);
        if (isStopped)
        {
            await harness.StopSourcesAsync();
        }

        var delivery = held.Single(each => each.Feed.Entity.Name == "card");
        harness.Deliver(delivery);
        await Eventually.TrueAsync("the card", () => harness.Find("card", "c") is not null);
        Assert.NotNull(await harness.ReadAsync("card", "c", Events.Start));
        Assert.Equal(isStopped ? -1 : 0, harness.Find("card", "c")!.State.AppliedOffset(delivery.Feed, 0));
    }
}
