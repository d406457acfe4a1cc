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
            "1 event is more than 10m (streaming.engine.future-tolerance) ahead of this node's clock",
            harness.First.Notice,
            StringComparison.Ordinal);
        Assert.Equal(2.0, (await harness.ReadAsync("card", "good", harness.Board.Newest.Millis))![0].Number);
        Assert.Empty(await harness.DeadLettersAsync());
    }

    [Fact]
    public async Task A_clock_that_is_ahead_within_the_tolerance_is_not_reported()
    {
        await using var harness = await SourceHarness.CreateAsync(_folder, SourceHarness.Quick);
        await harness.Events.AppendRawAsync(harness.Events.Bytes(Events.Transaction("c", _now + (5 * Minute))), _now);
        harness.Start();
        await harness.CaughtUpAsync();

        Assert.Equal(_now + (5 * Minute), harness.Board.Newest.Millis);
        Assert.Null(harness.First.Notice);
    }
}
