using System.Buffers.Binary;
using System.Text;
using Akka.Actor;
using Avro;
using Streaming.Contracts.Codecs;
using Streaming.Contracts.Events;
using Streaming.Engine.Deliveries;
using Streaming.Features.Events;
using Streaming.Persistence.Conformance;

namespace Streaming.Engine.Tests;

public sealed partial class DeadLetterSpec : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Each_reason_is_written_once_with_its_origin_and_the_stream_continues()
    {
        var store = new MemoryStore();
        List<(string Reason, long Offset)> expected;
        await using (var harness = await SourceHarness.CreateAsync(_folder, SourceHarness.Unflushed, store: store))
        {
            expected = await AppendEveryMistakeAsync(harness);
            await harness.Events.AppendRawAsync(
                harness.Events.Bytes(Events.Transaction("good", Events.Start + (60 * Events.Day))),
                Events.Start + (60 * Events.Day));
            harness.Start();
            await harness.CaughtUpAsync();

            var letters = await harness.DeadLettersAsync();
            Assert.Equal(expected, letters.Select(letter => (letter.Reason, letter.Offset)));
            Assert.Equal(expected.Count, harness.First.DeadLettered);
            Assert.All(letters, letter => AssertOrigin(letter));
            Assert.Equal(harness.Events.TransactionId, letters.First(letter => letter.Reason == DeadLetterReason.Future).SchemaId);
            Assert.Null(letters.First(letter => letter.Reason == DeadLetterReason.BadMagic).SchemaId);
            Assert.Equal(1.0, (await harness.ReadAsync("card", "good", Events.Start + (60 * Events.Day)))![0].Number);
        }

        await using var restarted = await SourceHarness.CreateAsync(_folder, SourceHarness.Unflushed, store: store);
        restarted.Start();
        await restarted.CaughtUpAsync();
        Assert.Equal(expected.Count, (await restarted.DeadLettersAsync()).Count);
        Assert.Equal(0, restarted.First.DeadLettered);
    }

    [Fact]
    public async Task Events_that_only_changed_definitions_reject_become_dead_letters_once()
    {
        var store = new MemoryStore();
        const string View = "feature-view v { entity = card, source = transactions, key = card_id, time = ts, "
            + "features { n { count = \"*\", over = [1d] }, ";
        var first = TestFeatures.Of(View + "ever { count = \"*\" } } }");
        var other = TestFeatures.Of(View + "sum { sum = amount, over = [1d] } } }");
        await using (var harness = await SourceHarness.CreateAsync(_folder, SourceHarness.Unflushed, first, store: store))
        {
            await harness.Events.AppendRawAsync(harness.Events.Bytes(Events.Transaction("c", Events.Start, 1e300)));
            await harness.Events.AppendRawAsync(
                harness.Events.Bytes(Events.Transaction("c", Events.Start + (60 * Events.Day))),
                Events.Start + (60 * Events.Day));
            await harness.Events.AppendRawAsync(harness.Events.Bytes(Events.Transaction("c", Events.Start)));
            await harness.Events.AppendRawAsync([7]);
            harness.Start();
            await harness.CaughtUpAsync();
            Assert.Equal([DeadLetterReason.BadMagic], (await harness.DeadLettersAsync()).Select(letter => letter.Reason));
        }

        // The amount is read now. Twice the same: the second start has nothing to add.
        for (var start = 0; start < 2; start++)
        {
            await using var restarted = await SourceHarness.CreateAsync(_folder, SourceHarness.Unflushed, other, store: store);
            restarted.Start();
            await restarted.CaughtUpAsync();
            Assert.Equal(start == 0 ? 1 : 0, restarted.First.DeadLettered);
            Assert.Equal(
                [(3L, DeadLetterReason.BadMagic), (0L, DeadLetterReason.OutOfRange)],
                (await restarted.DeadLettersAsync()).Select(letter => (letter.Offset, letter.Reason)));
        }
    }

    // Known: the list of poison events is in memory alone until checkpoints keep it (docs/architecture.md). This says what that costs.
    [Fact]
    public async Task An_entity_that_fails_reports_the_offset_and_restarts_empty()
    {
        await using var harness = await SourceHarness.CreateAsync(_folder, SourceHarness.Quick);
        await harness.Events.AppendRawAsync(harness.Events.Bytes(Events.Transaction("card", Events.Start)));
        harness.Start();
        await harness.CaughtUpAsync();
        var handle = harness.Find("card", "card")!;
        var feed = handle.State.Plan.Feeds[0];
        var source = new TaskCompletionSource<DeliveryFailed>();
        var batch = new EventBatch(feed.Source, default, 1) { Partition = 3, Count = 1 };
        batch.Offsets[0] = 77;
        var basis = harness.Board.Runs().Single(run => run.Partition.Partition == batch.Partition).Basis;
        var run = new DeliveryRun(harness.Listen(message => source.TrySetResult((DeliveryFailed)message)), default, default, basis);

        handle.Actor.Tell(new Delivery(handle.Key, -1, run, new ReadInFlight(1, 78), 0, feed, batch, new ArraySegment<int>([0, 999])));

        var failed = await source.Task.WaitAsync(TimeSpan.FromSeconds(10));
        Assert.Equal((77L, feed), (failed.Offset, failed.Feed));
        Assert.DoesNotContain("card/card", failed.Entity, StringComparison.Ordinal);
        await Eventually.TrueAsync("whole again", async () => (await harness.ReadAsync("card", "card", Events.Start + 1))?[0].Number == 1);
        Assert.False(handle.IsAlive);
    }

    [Fact]
    public async Task The_partitions_of_a_topic_share_each_compiled_decoder()
    {
        await using var harness = await SourceHarness.CreateAsync(_folder, SourceHarness.Quick);
        var decoders = new List<ColumnDecoder?>();
        for (var partition = 0; partition < 2; partition++)
        {
            var schemas = harness.NewSchemas();
            Assert.Null(await schemas.LoadAsync(harness.Events.TransactionId, CancellationToken.None));
            Assert.True(schemas.TryGet(harness.Events.TransactionId, out var schema));
            decoders.Add(schema.Decoder);
        }

        Assert.NotNull(decoders[0]);
        Assert.Same(decoders[0], decoders[1]);
    }

    [Fact]
    public async Task Events_of_an_older_schema_are_read_with_defaults()
    {
        await using var harness = await SourceHarness.CreateAsync(_folder, SourceHarness.Quick);
        var older = (RecordSchema)Schema.Parse("""
            {"type":"record","name":"Transaction","namespace":"streaming.events","fields":[
              {"name":"event_id","type":"string"},{"name":"card_id","type":"string"},{"name":"terminal_id","type":"string"},
              {"name":"amount","type":"float"},{"name":"ts","type":{"type":"long","logicalType":"timestamp-millis"}}]}
            """);
        var id = await Events.RegisterAsync(harness.Registry, "older", older);
        var value = new AvroBuffer();
        RecordWriter.Compile<OlderTransaction>(older).Write(new("e", "old", "t1", 2.5f, new EventTime(Events.Start)), id, value);
        await harness.Events.AppendRawAsync(value.Written.ToArray());
        await harness.Events.AppendRawAsync(harness.Events.Bytes(Events.Transaction("old", Events.Start + 1, amount: 4)));
        harness.Start();
        await harness.CaughtUpAsync();

        var values = (await harness.ReadAsync("card", "old", Events.Start + 1))!;
        Assert.Equal((2.0, 6.5, "chip"), (values[0].Number, values[2].Number, values[6].Text));
        Assert.Empty(await harness.DeadLettersAsync());
    }

    [Fact]
    public async Task A_record_too_large_for_a_dead_letter_stays_at_its_origin_and_the_letter_says_so()
    {
        await using var harness = await SourceHarness.CreateAsync(_folder, SourceHarness.Quick);
        var large = new byte[1900];
        large[0] = 7;
        await harness.Events.AppendRawAsync(large);
        await harness.Events.AppendRawAsync(harness.Events.Bytes(Events.Transaction("c", Events.Start)));
        harness.Log.RecordBytesMax = 2000;
        harness.Start();
        await harness.CaughtUpAsync();

        var letter = Assert.Single(await harness.DeadLettersAsync());
        Assert.Equal((DeadLetterReason.BadMagic, 0L), (letter.Reason, letter.Offset));
        Assert.Null(letter.Value);
        Assert.EndsWith("value of 1900 bytes left at its origin", letter.Detail, StringComparison.Ordinal);
        Assert.NotNull(harness.Find("card", "c"));
    }

    [Fact]
    public async Task An_event_counts_as_applied_once_however_many_entities_it_feeds()
    {
        await using var harness = await SourceHarness.CreateAsync(_folder, SourceHarness.Quick);
        for (var i = 0; i < 6; i++)
        {
            await harness.Events.AppendRawAsync(harness.Events.Bytes(Events.Transaction($"c{i}", Events.Start + i)));
        }

        await harness.Events.AppendRawAsync([7]);
        harness.Start();
        await harness.CaughtUpAsync();
        Assert.Equal((6, 1), (harness.First.Applied, harness.First.DeadLettered));
        Assert.Equal(Events.Start, harness.First.NewestTimestamp.Millis);

        var lost = harness.Find("card", "c3")!;
        lost.Actor.Tell(Kill.Instance);
        await Eventually.TrueAsync("read again", () => harness.Find("card", "c3") is { } next && next != lost);
        await harness.CaughtUpAsync();
        Assert.Equal(6, harness.First.Applied);
    }

    private static async Task<List<(string Reason, long Offset)>> AppendEveryMistakeAsync(SourceHarness harness)
    {
        var foreign = (RecordSchema)Schema.Parse("""{"type":"record","name":"Other","fields":[{"name":"x","type":"int"}]}""");
        var foreignId = await Events.RegisterAsync(harness.Registry, "other", foreign);
        var good = harness.Events.Bytes(Events.Transaction("c", Events.Start + (40 * Events.Day)));
        List<(string Reason, byte[]? Value)> mistakes =
        [
            (DeadLetterReason.Empty, null),
            (DeadLetterReason.Empty, []),
            (DeadLetterReason.BadMagic, [7, 0, 0, 0, 1, 0]),
            (DeadLetterReason.Empty, [0, 0, 1]),
            (DeadLetterReason.UnknownSchema, WithSchema(good, 999_999)),
            (DeadLetterReason.IncompatibleSchema, WithSchema(good, foreignId)),
            (DeadLetterReason.Malformed, good[..^3]),
            (DeadLetterReason.NoKey, harness.Events.Bytes(Events.Transaction(string.Empty, Events.Start))),
            (DeadLetterReason.KeyTooLong, harness.Events.Bytes(Events.Transaction(new string('x', 257), Events.Start))),
            (DeadLetterReason.Future, harness.Events.Bytes(Events.Transaction(
                "c",
                Events.Start + (long)harness.Settings.FutureTolerance.TotalMilliseconds + 1))),
            (DeadLetterReason.Future, harness.Events.Bytes(Events.Transaction("c", 1_700_000_000_000_000_000))),
            (DeadLetterReason.OutOfRange, harness.Events.Bytes(Events.Transaction("c", Events.Start, double.PositiveInfinity))),
            (DeadLetterReason.OutOfRange, harness.Events.Bytes(Events.Transaction("c", Events.Start, -1e300))),
            (DeadLetterReason.OutOfRange, harness.Events.Bytes(Events.Transaction("c", Events.Start, double.NaN))),
            (DeadLetterReason.OutOfRange, harness.Events.Bytes(Events.Transaction("c", Events.Start / 1000))),
            (DeadLetterReason.NoKey, harness.Events.Bytes(Events.Transaction("c", Events.Start) with { EventId = string.Empty })),
            (DeadLetterReason.BadKey, harness.Events.Bytes(Events.Transaction("c\0", Events.Start))),
            (DeadLetterReason.BadKey, harness.Events.Bytes(Events.Transaction("\uFEFFc", Events.Start))),
            (DeadLetterReason.BadKey, harness.Events.Bytes(Events.Transaction("c", Events.Start) with { EventId = "e\uFEFF" })),
            (DeadLetterReason.KeyTooLong, harness.Events.Bytes(Events.Transaction("c", Events.Start) with { EventId = new string(
                'e',
                257) })),
        ];
        foreach (var (_, value) in mistakes)
        {
            await harness.Events.AppendRawAsync(value);
        }

        await harness.Events.AppendRawAsync(good, Events.Start + (40 * Events.Day));
        await harness.Events.AppendRawAsync(harness.Events.Bytes(Events.Transaction("c", Events.Start)));
        return [.. mistakes.Select((mistake, offset) => (mistake.Reason, (long)offset))];
    }

    private static void AssertOrigin(DeadLetter letter)
    {
        Assert.Equal(DeadLetter.IdOf("transactions", 0, letter.Offset, letter.Reason), letter.Id);
        Assert.Equal(("transactions", 0, Events.Start), (letter.Topic, letter.Partition, letter.Timestamp.Millis));
        Assert.Equal("k", Encoding.UTF8.GetString(letter.Key!.Value.Span));
        Assert.NotEmpty(letter.Detail);
    }

    // As the entity's actor does it.
    private static bool FailsOn(Delivery delivery, string key)
    {
        var fails = Encoding.UTF8.GetString(delivery.Key) == key;
        if (fails)
        {
            var offset = delivery.Batch.Offsets[delivery.Rows[0]];
            delivery.Run.Source.Tell(
                new DeliveryFailed(key, delivery.Feed, offset, "InvalidOperationException: bad luck"),
                ActorRefs.NoSender);
        }

        return fails;
    }

    private static byte[] WithSchema(byte[] value, int schemaId)
    {
        var copy = value.ToArray();
        BinaryPrimitives.WriteInt32BigEndian(copy.AsSpan(1), schemaId);
        return copy;
    }

    private sealed record OlderTransaction(string EventId, string CardId, string TerminalId, float Amount, EventTime Ts);
}
