using Streaming.Engine.Deliveries;

namespace Streaming.Engine.Tests;

public sealed class BackpressureSpec : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_blocked_entity_limits_the_reads_in_flight()
    {
        var settings = SourceHarness.Quick with { DirectDelivery = false, RecordsPerRead = 10, ReadsInFlight = 3 };
        await using var harness = await SourceHarness.CreateAsync(
            _folder,
            settings with { Partitions = settings.Partitions.SetItem("transactions", 1) });
        await harness.Events.AppendAsync(Enumerable.Range(0, 500).Select(i => Events.Transaction("c", Events.Start + i)));
        var held = new List<Delivery>();
        var isHeld = true;
        harness.Faults.Passes = delivery =>
        {
            lock (held)
            {
                if (isHeld)
                {
                    held.Add(delivery);
                }

                return !isHeld;
            }
        };
        harness.Start();

        // Each read is a delivery to the card and one to the terminal, by regions that keep no order between them.
        await Eventually.TrueAsync(
            "three reads out",
            () => Reads(held) == 3 && Deliveries(held) == 6,
            () => string.Join(", ", NextOffsets(held)));

        // The first read is let go, and only then the fourth comes.
        Release(harness, held, held[0].Read);
        await Eventually.TrueAsync("the fourth", () => Reads(held) == 3 && held.Exists(delivery => NextOffset(delivery) == 40));
        Assert.Equal([20L, 30, 40], NextOffsets(held));
        await Eventually.TrueAsync("the first read is posted", () => harness.First.NextOffset == 10);

        lock (held)
        {
            isHeld = false;
            held.ForEach(delivery => harness.Deliver(delivery));
        }

        await harness.CaughtUpAsync();
        Assert.Null(await harness.DiffersAsync(await harness.NaiveAsync()));
    }

    private static long NextOffset(Delivery delivery) => ((ReadInFlight)delivery.Read).NextOffset;

    private static int Reads(List<Delivery> held) => NextOffsets(held).Length;

    private static int Deliveries(List<Delivery> held)
    {
        lock (held)
        {
            return held.Count;
        }
    }

    private static long[] NextOffsets(List<Delivery> held)
    {
        lock (held)
        {
            return [.. held.Select(NextOffset).Distinct()];
        }
    }

    private static void Release(SourceHarness harness, List<Delivery> held, IDeliveryReceipt read)
    {
        lock (held)
        {
            held.FindAll(delivery => delivery.Read == read).ForEach(delivery => harness.Deliver(delivery));
            held.RemoveAll(delivery => delivery.Read == read);
        }
    }
}
