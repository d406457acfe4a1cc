using Akka.Actor;
using Streaming.Engine.Logging;

namespace Streaming.Engine.Tests;

public sealed class LoggingSpec : IDisposable
{
    private const string Card = "4111111111111111";
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_card_number_is_masked_where_Akka_logs_the_crash_of_its_entity()
    {
        using var log = new CapturedLog();
        await using var running = await RunningEngine.StartAsync(_folder, TestFeatures.Catalog, direct: true, log);
        await running.Events.AppendAsync(Events.Transaction(Card, Events.Start));
        await running.AppliedAsync(1);

        running.System.ActorSelection($"/system/sharding/card/*/{Card}").Tell(Kill.Instance);

        await Eventually.TrueAsync(
            "a line of the crash",
            () => log.Lines.Any(line =>
                line.StartsWith("Error sharding/card/", StringComparison.Ordinal)
                && line.Contains("/****1111: Kill", StringComparison.Ordinal)),
            () => string.Join(Environment.NewLine, log.Lines));
        Assert.DoesNotContain(log.Lines, line => line.Contains(Card, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Dead_letters_are_one_line_of_the_log_that_says_why_and_not_a_line_each()
    {
        using var log = new CapturedLog();
        await using var running = await RunningEngine.StartAsync(_folder, TestFeatures.Catalog, direct: true, log);
        await running.Events.AppendRawAsync([1, 2, 3]);
        await Eventually.TrueAsync("a line", () => Lines().Length == 1, () => string.Join(Environment.NewLine, log.Lines));
        await running.Events.AppendRawAsync([1, 2, 3]);
        await running.Events.AppendAsync(Events.Transaction(Card, Events.Start));
        await running.AppliedAsync(3);

        var line = Assert.Single(Lines());
        Assert.StartsWith("Warning ", line, StringComparison.Ordinal);
        const string Text = "dead letters written to the topic dead-letters: 1, "
            + "the first of the last read transactions/0/0/bad_magic: the first byte is not 0";
        Assert.Contains(Text, line, StringComparison.Ordinal);

        string[] Lines() => [.. log.Lines.Where(line => line.Contains("dead letters written", StringComparison.Ordinal))];
    }

    [Fact]
    public async Task A_source_that_stops_while_reads_are_in_flight_logs_nothing()
    {
        using var log = new CapturedLog();
        var settings = SourceHarness.Quick with { DirectDelivery = false, RecordsPerRead = 10, ReadsInFlight = 3 };
        await using var harness = await SourceHarness.CreateAsync(_folder, settings, lines: log);
        await harness.Events.AppendAsync(Enumerable.Range(0, 100).Select(i => Events.Transaction("c", Events.Start + i)));
        var held = 0;
        harness.Faults.Passes = _ => Interlocked.Increment(ref held) == 0;
        harness.Start();
        await Eventually.TrueAsync("reads in flight", () => Volatile.Read(ref held) >= 6);

        await harness.StopSourcesAsync();

        Assert.Empty(log.Lines);
    }

    [Fact]
    public async Task A_late_delivery_is_one_line_without_a_stack()
    {
        using var log = new CapturedLog();
        var settings = SourceHarness.Quick with { DirectDelivery = false, RecordsPerRead = 10, DeliveryTimeout = TimeSpan.FromMilliseconds(500) };
        await using var harness = await SourceHarness.CreateAsync(
            _folder, settings with { Partitions = settings.Partitions.SetItem("transactions", 1) }, lines: log);
        await harness.Events.AppendAsync(Events.Transaction("c", Events.Start));
        var isHeld = true;
        harness.Faults.Passes = _ => !Volatile.Read(ref isHeld);
        harness.Start();
        await Eventually.TrueAsync("it is late", () => log.Lines.Length > 0);
        Volatile.Write(ref isHeld, false);
        await harness.CaughtUpAsync();

        var line = Assert.Single(log.Lines, one => one.Contains("did not apply all events", StringComparison.Ordinal));
        Assert.Contains("transactions[0] is paused, nothing is dropped: ", line, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", line, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("akka://streaming/system/sharding/card/2/****1234#99", "sharding/card/2/****1234")]
    [InlineData("[akka://streaming/user/reader#1888210520]", "reader")]
    [InlineData("akka.tcp://streaming@127.0.0.1:33601/system/sharding/card/3", "sharding/card/3")]
    [InlineData("akka://streaming/system/sharding/card/0/%24keeper%2F0", "sharding/card/0/$keeper/0")]
    [InlineData(
        "akka://streaming/system/sharding/partition-sources/0/transactions%2F0", "sharding/partition-sources/0/transactions/0")]
    [InlineData("akka://streaming/", "Akka")]
    [InlineData("CoordinatedShutdown (akka://streaming)", "CoordinatedShutdown")]
    [InlineData("[OutageLog(akka://streaming)]", "OutageLog")]
    [InlineData("ActorSystem(streaming)", "ActorSystem")]
    [InlineData("remoting-terminator", "remoting-terminator")]
    [InlineData("", "Akka")]
    public void The_source_of_a_line_is_a_path_within_the_system_or_a_name(string source, string name) =>
        Assert.Equal(name, LogSourceName.Of(source));

    [Theory]
    [InlineData(
        "akka://streaming/system/sharding/cardCoordinator/singleton/coordinator",
        "akka://streaming/system/sharding/cardCoordinator/singleton/coordinator")]
    [InlineData(
        "[akka://streaming/system/sharding/card/2/ab%20cd-1234#99] died",
        "[akka://streaming/system/sharding/card/2/****1234#99] died")]
    [InlineData(
        "akka://streaming/system/sharding/partition-sources/2/transactions%2F0",
        "akka://streaming/system/sharding/partition-sources/2/transactions%2F0")]
    [InlineData(
        "card: Entity [alice-smith] is stopping, entities [alice-smith, bob]",
        "card: Entity [****mith] is stopping, entities [****mith, ****b]")]
    [InlineData("no 4111111111111111, no 5500005555555559x but 123456", "no ****1111, no ****5559x but 123456")]
    [InlineData("ts 1772990000123, 1772990000123456 and 1772990000123456789", "ts 1772990000123, 1772990000123456 and 1772990000123456789")]
    [InlineData("no 177299000012345, no 1000000000000001", "no ****2345, no ****0001")]
    public void Keys_in_texts_are_masked_wherever_Akka_puts_them(string text, string masked) => Assert.Equal(masked, Mask.Text(text));
}
