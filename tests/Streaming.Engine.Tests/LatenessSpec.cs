using System.Globalization;
using Streaming.Contracts.Events;
using Streaming.Features.Events;

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
    public async Task An_event_whose_record_has_no_timestamp_is_judged_by_the_absolute_bounds_alone()
    {
        await using var harness = await SourceHarness.CreateAsync(_folder, SourceHarness.Quick);
        harness.Log.Stamp = _ => -1;
        await harness.Events.AppendRawAsync(harness.Events.Bytes(Events.Transaction("c", Events.Start)));
        await harness.Events.AppendRawAsync(harness.Events.Bytes(Events.Transaction("c", 1_532_529_000_000_000)));
        harness.Start();
        await harness.CaughtUpAsync();

        Assert.Equal([(1L, DeadLetterReason.Future)], (await harness.DeadLettersAsync()).Select(letter => (letter.Offset, letter.Reason)));
        Assert.Equal(1, harness.First.Applied);
        Assert.Equal(EventTime.None, harness.First.NewestTimestamp);
    }

    [Theory]
    [InlineData("1532529000000000", DeadLetterReason.Future)]
    [InlineData("-2208988800001", DeadLetterReason.OutOfRange)]
    [InlineData("1704067200", DeadLetterReason.OutOfRange)]
    [InlineData("-9999999999", DeadLetterReason.OutOfRange)]
    public async Task A_time_in_other_units_is_a_dead_letter_though_the_record_has_it_too(string time, string reason)
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
