using System.Text;
using Microsoft.Extensions.Time.Testing;
using Streaming.Contracts.Registry;
using Streaming.Contracts.Schemas;
using Streaming.Contracts.Wire;
using Streaming.Engine.Sources;
using Streaming.Log;
using Streaming.Log.Embedded;

namespace Streaming.Ingest.Tests;

public sealed class LogEventIntakeSpec : IAsyncLifetime, IDisposable
{
    private const int Partitions = 4;
    private const string Click = """{"event_id":"e1","user_id":"user_1","session_id":"s","item_id":"i","category":"c","kind":"view","ts":1533081600000}""";
    private static readonly CancellationToken s_none = CancellationToken.None;
    private static readonly DateTimeOffset s_now = DateTimeOffset.FromUnixTimeMilliseconds(1_533_081_600_000);
    private readonly TempFolder _folder = new();
    private EmbeddedEventLog _log = null!;
    private LogEventIntake _intake = null!;

    public async Task InitializeAsync()
    {
        _log = EmbeddedEventLog.Open(new EmbeddedLogSettings(_folder["log.db"]));
        await _log.CreateTopicAsync(EventSchemas.Clicks, Partitions, s_none);
        await _log.CreateTopicAsync(EventSchemas.Transactions, Partitions, s_none);
        _intake = new LogEventIntake(_log, new ShippedSchemas(new EmbeddedSchemaRegistry(_folder.FullName)), EventRules.For(Samples.Catalog(), TimeSpan.FromMinutes(10)), new FakeTimeProvider(s_now));
    }

    public async Task DisposeAsync() => await _log.DisposeAsync();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task An_event_lies_in_its_keys_partition_as_avro_in_the_wire_format()
    {
        var appended = Assert.IsType<IntakeResult.Appended>(await AppendAsync(EventSchemas.Clicks, Click));
        var partition = Assert.Single(appended.Events).Partition;
        Assert.Equal(Murmur2.Partition("user_1"u8, Partitions), partition);
        await using var reader = _log.Read(new TopicPartition(EventSchemas.Clicks, partition), 0);
        var records = await reader.ReadAsync(10, s_none);
        Assert.Equal("user_1", Encoding.UTF8.GetString(records.Key(0)));
        Assert.Equal(WireStatus.Ok, WireFormat.Parse(records.Value(0)).Status);
    }

    [Fact]
    public async Task Where_one_event_is_wrong_none_is_appended_and_every_fault_is_told()
    {
        var wrong = Click.Replace("\"kind\":\"view\"", "\"kind\":\"veiw\",\"itme_id\":\"i\"", StringComparison.Ordinal);
        var invalid = Assert.IsType<IntakeResult.Invalid>(await AppendAsync(EventSchemas.Clicks, Click, wrong));
        Assert.Equal(2, invalid.Faults.Length);
        Assert.All(invalid.Faults, fault => Assert.StartsWith("event 2: ", fault, StringComparison.Ordinal));
        for (var partition = 0; partition < Partitions; partition++)
        {
            Assert.Equal(0, await _log.EndOffsetAsync(new TopicPartition(EventSchemas.Clicks, partition), s_none));
        }
    }

    /// <summary>The engine's own rules, asked before the event is in the log.</summary>
    [Theory]
    [InlineData("c", "1e17", 0, "event 2: amount: found 1e17")]
    [InlineData("c", "-1e17", 0, "event 2: amount: found -1e17")]
    [InlineData("", "1", 0, "event 2: field card_id is empty")]
    [InlineData("long", "1", 0, "event 2: field card_id has 257 bytes")]
    [InlineData("c", "1", 600_001, "event 2: field ts is 2018-08-01T00:10:00.001Z, more than 10m after")]
    public async Task An_event_that_is_sure_to_become_a_dead_letter_is_not_taken(string card, string amount, long aheadMillis, string says)
    {
        var wrong = Transaction(card == "long" ? new string('c', 257) : card, amount, aheadMillis);
        var invalid = Assert.IsType<IntakeResult.Invalid>(await AppendAsync(EventSchemas.Transactions, Transaction("c", "1", 0), wrong));
        Assert.StartsWith(says, Assert.Single(invalid.Faults), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_event_at_the_edge_of_every_rule_is_taken() => Assert.IsType<IntakeResult.Appended>(
        await AppendAsync(EventSchemas.Transactions, Transaction(new string('c', 256), "9007199254740992", 600_000)));

    [Fact]
    public async Task A_topic_that_is_not_made_yet_is_told_as_an_outage() =>
        Assert.Contains("labels", Assert.IsType<IntakeResult.Unavailable>(await AppendAsync(EventSchemas.Labels, "{}")).Reason, StringComparison.Ordinal);

    [Fact]
    public void What_the_node_writes_itself_is_not_taken() => Assert.Equal(["clicks", "labels", "transactions"], _intake.Topics.AsEnumerable());

    private static string Transaction(string card, string amount, long aheadMillis) => FormattableString.Invariant(
        $$"""{"event_id":"e","card_id":"{{card}}","terminal_id":"t","amount":{{amount}},"ts":{{s_now.ToUnixTimeMilliseconds() + aheadMillis}}}""");

    private Task<IntakeResult> AppendAsync(string topic, params string[] events) =>
        _intake.AppendAsync(topic, [.. events.Select(json => (ReadOnlyMemory<byte>)Encoding.UTF8.GetBytes(json))], s_none);
}
