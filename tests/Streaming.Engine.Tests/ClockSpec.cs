namespace Streaming.Engine.Tests;

/// <summary>Producers whose clocks are ahead of the node's.</summary>
public sealed class ClockSpec : IDisposable
{
    private const long Minute = 60_000;
    private readonly TempFolder _folder = new();
    private readonly long _now = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task One_clock_that_is_ahead_moves_no_default_read_and_is_reported()
    {
        await using var harness = await SourceHarness.CreateAsync(_folder, SourceHarness.Quick);
        harness.Log.Stamp = offset => offset == 1 ? _now + (50 * Minute) : _now;
        await harness.Events.AppendRawAsync(harness.Events.Bytes(Events.Transaction("good", _now - Minute)), _now);
        await harness.Events.AppendRawAsync(harness.Events.Bytes(Events.Transaction("ahead", _now + (50 * Minute))), _now);
        await harness.Events.AppendRawAsync(harness.Events.Bytes(Events.Transaction("good", _now)), _now);
        harness.Start();
        await harness.CaughtUpAsync();

        Assert.Equal(_now, harness.Board.Newest.Millis);
        Assert.Equal((3, 1, _now + (50 * Minute)), (harness.First.Applied, harness.First.AheadOfClock, harness.First.Watermark.Millis));
        Assert.StartsWith(
            "1 event is more than 1m ahead of this node's clock",
            harness.First.Notice,
            StringComparison.Ordinal);
        Assert.Equal(2.0, (await harness.ReadAsync("card", "good", harness.Board.Newest.Millis))![0].Number);
        Assert.Empty(await harness.DeadLettersAsync());
    }

    /// <summary>Within the tolerance it is no dead letter; all the same it would take minutes from the windows of others.</summary>
    [Fact]
    public async Task An_event_within_the_tolerance_moves_default_reads_by_a_minute_at_most()
    {
        await using var harness = await SourceHarness.CreateAsync(_folder, SourceHarness.Quick);
        await harness.Events.AppendRawAsync(harness.Events.Bytes(Events.Transaction("good", _now - Minute)), _now);
        await harness.Events.AppendRawAsync(harness.Events.Bytes(Events.Transaction("ahead", _now + (9 * Minute))), _now);
        harness.Start();
        await harness.CaughtUpAsync();

        Assert.Equal((_now - Minute, 1), (harness.Board.Newest.Millis, harness.First.AheadOfClock));
        Assert.StartsWith("1 event is more than 1m ahead of this node's clock", harness.First.Notice, StringComparison.Ordinal);
        Assert.Equal(1.0, (await harness.ReadAsync("card", "ahead", _now + (9 * Minute)))![0].Number);
        Assert.Empty(await harness.DeadLettersAsync());
    }

    [Fact]
    public async Task A_clock_that_is_ahead_by_less_than_a_minute_is_not_reported()
    {
        await using var harness = await SourceHarness.CreateAsync(_folder, SourceHarness.Quick);
        await harness.Events.AppendRawAsync(harness.Events.Bytes(Events.Transaction("c", _now + (Minute / 2))), _now);
        harness.Start();
        await harness.CaughtUpAsync();

        Assert.Equal(_now + (Minute / 2), harness.Board.Newest.Millis);
        Assert.Null(harness.First.Notice);
    }
}
