using System.Globalization;
using Akka.Actor;
using Streaming.Contracts.Events;

namespace Streaming.Engine.Tests;

public sealed class LatenessSpec : IDisposable
{
    private const long Day = Events.Day;
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task An_event_that_a_lifetime_counts_is_never_late()
    {
        var catalog = TestFeatures.Of("""
            feature-view card_activity {
              entity = card, source = transactions, key = card_id, time = ts
              features { ever { count = "*" }, lately { count = "*", over = [1d] } }
            }
            """);
        await using var harness = await SourceHarness.CreateAsync(_folder, SourceHarness.Quick, catalog);
        await harness.Events.AppendAsync(Events.Transaction("c", Events.Start + (60 * Day)), Events.Transaction("c", Events.Start));
        harness.Start();
        await harness.CaughtUpAsync();

        Assert.Empty(await harness.DeadLettersAsync());
        Assert.Equal([2.0, 1.0], (await harness.ReadAsync("card", "c", Events.Start + (60 * Day)))!.Select(value => value.Number));
    }

    [Fact]
    public async Task Late_events_count_for_a_card_even_after_newer_events_in_its_partition()
    {
        await using var harness = await SourceHarness.CreateAsync(
            _folder,
            SourceHarness.Quick with { Partitions = SourceHarness.Quick.Partitions.SetItem("transactions", 1) });
        await harness.Events.AppendAsync(
            Events.Transaction("newer", Events.Start + (200 * Day)),
            Events.Transaction("a", Events.Start), Events.Transaction("a", Events.Start + Day), Events.Transaction(
                "a",
                Events.Start + (2 * Day)));
        harness.Start();
        await harness.CaughtUpAsync();

        Assert.Empty(await harness.DeadLettersAsync());
        Assert.Equal(3.0, (await harness.ReadAsync("card", "a", Events.Start + (2 * Day)))![1].Number);
    }

    [Fact]
    public async Task An_event_older_than_its_entity_keeps_is_counted_once_as_late()
    {
        await using var harness = await SourceHarness.CreateAsync(_folder, SourceHarness.Quick);
        await harness.Events.AppendRawAsync(
            harness.Events.Bytes(Events.Transaction("c", Events.Start + (60 * Day), terminal: "t1")),
            Events.Start + (60 * Day));
        await harness.Events.AppendRawAsync(harness.Events.Bytes(Events.Transaction("c", Events.Start, terminal: "t2")));
        harness.Start();
        await harness.CaughtUpAsync();

        Assert.Empty(await harness.DeadLettersAsync());
        Assert.Equal((2, 1, 0), (harness.First.Applied, harness.First.Late, harness.First.DeadLettered));
        Assert.Equal(1.0, (await harness.ReadAsync("card", "c", Events.Start + (60 * Day)))![1].Number);
        Assert.Equal(1.0, (await harness.ReadAsync("terminal", "t2", Events.Start + (7 * Day)))![0].Number);

        var lost = harness.Find("card", "c")!;
        lost.Actor.Tell(Kill.Instance);
        await Eventually.TrueAsync("read again", () => harness.Find("card", "c") is { } next && next != lost);
        await harness.CaughtUpAsync();
        Assert.Equal(1, harness.First.Late);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Features_do_not_depend_on_the_order_of_events_in_the_log(int seed)
    {
        var events = Events.Random(seed, 1000);
        for (var order = 0; order < 3; order++)
        {
            using var folder = new TempFolder();
            await using var harness = await SourceHarness.CreateAsync(folder, SourceHarness.Quick);
            var random = new Random(seed + (100 * order));
            await harness.Events.AppendAsync(order == 0 ? events : events.OrderBy(_ => random.Next()));
            harness.Start();
            await harness.CaughtUpAsync();

            Assert.Null(await harness.DiffersAsync(await harness.NaiveAsync()));
            Assert.Empty(await harness.DeadLettersAsync());
        }
    }

    [Fact]
    public async Task An_event_whose_record_has_no_timestamp_is_a_dead_letter()
    {
        await using var harness = await SourceHarness.CreateAsync(_folder, SourceHarness.Quick);
        harness.Log.Stamp = offset => offset < 2 ? -1 : Events.Start;
        await harness.Events.AppendRawAsync(harness.Events.Bytes(Events.Transaction("c", 4_070_908_800_000)));
        await harness.Events.AppendRawAsync(harness.Events.Bytes(Events.Transaction("c", Events.Start)));
        await harness.Events.AppendRawAsync(harness.Events.Bytes(Events.Transaction("c", Events.Start + 1)));
        harness.Start();
        await harness.CaughtUpAsync();

        var letters = await harness.DeadLettersAsync();
        Assert.Equal(
            [(0L, DeadLetterReason.NoTimestamp), (1L, DeadLetterReason.NoTimestamp)],
            letters.Select(letter => (letter.Offset, letter.Reason)));
        Assert.Contains("message.timestamp.type", letters[0].Detail, StringComparison.Ordinal);
        Assert.Equal((1, Events.Start + 1), (harness.First.Applied, harness.Board.Newest.Millis));
    }

    [Theory]
    [InlineData("1532529000000000", DeadLetterReason.Future)]
    [InlineData("-2208988800001", DeadLetterReason.OutOfRange)]
    [InlineData("1704067200", DeadLetterReason.OutOfRange)]
    [InlineData("-9999999999", DeadLetterReason.OutOfRange)]
    public async Task A_time_in_other_units_is_a_dead_letter_even_if_the_record_has_it_too(string time, string reason)
    {
        var impossible = long.Parse(time, CultureInfo.InvariantCulture);
        await using var harness = await SourceHarness.CreateAsync(_folder, SourceHarness.Quick);
        harness.Log.Stamp = offset => offset == 0 ? Math.Max(impossible, 1) : Events.Start;
        await harness.Events.AppendRawAsync(harness.Events.Bytes(Events.Transaction("c", impossible)));
        await harness.Events.AppendRawAsync(harness.Events.Bytes(Events.Transaction("c", Events.Start)));
        harness.Start();
        await harness.CaughtUpAsync();

        var letter = Assert.Single(await harness.DeadLettersAsync());
        Assert.Equal(reason, letter.Reason);
        Assert.Contains("milliseconds", letter.Detail, StringComparison.Ordinal);
        Assert.Equal(Events.Start, harness.Board.Newest.Millis);
    }
}
