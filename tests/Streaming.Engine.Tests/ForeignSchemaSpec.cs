using System.Buffers.Binary;
using System.Collections.Immutable;
using Avro;
using Streaming.Contracts.Events;
using Streaming.Contracts.Registry;
using Streaming.Contracts.Schemas;
using Streaming.Engine.Replays;

namespace Streaming.Engine.Tests;

/// <summary>Events of other producers' schemas: read where only the name differs, else dead letters that say what differs.</summary>
public sealed class ForeignSchemaSpec : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task An_event_of_a_record_with_another_name_counts_once_the_name_is_accepted_and_it_is_replayed()
    {
        var payment = Schema.Parse(EventSchemas.Transaction.ToString().Replace(
            "\"name\":\"Transaction\"",
            "\"name\":\"Payment\"",
            StringComparison.Ordinal));
        await using (var harness = await SourceHarness.CreateAsync(_folder, SourceHarness.Quick))
        {
            var id = await Events.RegisterAsync(harness.Registry, "payments", (RecordSchema)payment);
            var value = harness.Events.Bytes(Events.Transaction("c", Events.Start));
            BinaryPrimitives.WriteInt32BigEndian(value.AsSpan(1), id);
            await harness.Events.AppendRawAsync(value);
            harness.Start();
            await harness.CaughtUpAsync();
            var letter = Assert.Single(await harness.DeadLettersAsync());
            Assert.Equal(DeadLetterReason.IncompatibleSchema, letter.Reason);
            Assert.EndsWith(
                "add the name to streaming.engine.record-names.transactions, restart the node, and run 'streaming replay dlq'",
                letter.Detail,
                StringComparison.Ordinal);
        }

        var names = ImmutableSortedDictionary<string, ImmutableArray<string>>.Empty.Add("transactions", ["Payment"]);
        await using var accepting = await SourceHarness.CreateAsync(_folder, SourceHarness.Quick with { RecordNames = names });
        accepting.Start();
        await accepting.CaughtUpAsync();
        Assert.Null(accepting.Find("card", "c"));
        var services = new ReplayServices(accepting.Log, accepting.Registry, TestFeatures.Catalog, accepting.Settings, TimeProvider.System);
        await foreach (var letter in new DeadLetterReplay(services).RunAsync(new ReplayFilter(null, null, null, null), false, CancellationToken.None))
        {
            Assert.Equal(ReplayOutcome.Replayed, letter.Outcome);
        }

        await accepting.CaughtUpAsync();
        Assert.Equal(1.0, (await accepting.ReadAsync("card", "c", Events.Start))![0].Number);
        Assert.Single(await accepting.DeadLettersAsync());
    }

    [Theory]
    [InlineData("\"string\"", "string")]
    [InlineData("""["null","int"]""", "[null, int]")]
    [InlineData("""{"type":"map","values":"long"}""", "map of long")]
    public async Task A_schema_that_is_not_a_record_makes_dead_letters_and_the_stream_continues(string schema, string named)
    {
        await using var harness = await SourceHarness.CreateAsync(_folder, SourceHarness.Quick);
        await harness.Events.AppendRawAsync([0, 0, 0, 0, 77, 2, 2]);
        harness.Registry.Answer = new RegistryResult<Schema>.Found(Schema.Parse(schema));
        harness.Start();
        await harness.CaughtUpAsync();
        harness.Registry.Answer = null;
        var letter = Assert.Single(await harness.DeadLettersAsync());
        Assert.Equal(DeadLetterReason.IncompatibleSchema, letter.Reason);
        Assert.Contains($"the writer has {named}, and an event must be a record", letter.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_schema_of_thousands_of_parts_makes_a_letter_of_bounded_size()
    {
        await using var harness = await SourceHarness.CreateAsync(_folder, SourceHarness.Quick);
        await harness.Events.AppendRawAsync([0, 0, 0, 0, 77, 2, 2]);
        var branches = Enumerable.Range(0, 5_000).Select(i => $$"""{"type":"fixed","name":"Some_long_name_{{i}}","size":1}""");
        harness.Registry.Answer = new RegistryResult<Schema>.Found(Schema.Parse($"[{string.Join(',', branches)}]"));
        harness.Start();
        await harness.CaughtUpAsync();
        harness.Registry.Answer = null;
        Assert.InRange(Assert.Single(await harness.DeadLettersAsync()).Detail.Length, 1_000, 4_100);
    }
}
