using Streaming.Contracts.Events;
using Streaming.Contracts.Registry;
using Streaming.Persistence.Conformance;

namespace Streaming.Engine.Tests;

/// <content>The registry's.</content>
public sealed partial class OutageSpec
{
    private static readonly byte[] s_unknown = [0, 0, 15, 66, 63, 0];

    [Fact]
    public async Task An_unavailable_registry_pauses_the_partition_and_loses_no_event()
    {
        await using var harness = await SourceHarness.CreateAsync(_folder, SourceHarness.Quick);
        harness.Registry.Answer = new RegistryResult<Avro.Schema>.Unavailable("nobody answers", null);
        await harness.Events.AppendAsync(Events.Random(1, 500));
        harness.Start();

        await Eventually.TrueAsync(
            "paused",
            () => harness.Board.All.Count(IsPaused("schema registry: nobody answers")) == 4,
            () => harness.First.ToString());
        Assert.False(harness.Board.IsCaughtUp || harness.Board.IsReady);
        Assert.All(harness.Board.All, source => Assert.Equal((0, 0), (source.NextOffset, source.DeadLettered)));

        harness.Registry.Answer = null;
        await AssertWholeAsync(harness);
    }

    [Fact]
    public async Task A_schema_that_the_registry_does_not_have_yet_is_waited_for_and_loses_no_event()
    {
        await using var harness = await SourceHarness.CreateAsync(
            _folder,
            SourceHarness.Quick with { UnknownSchemaWait = TimeSpan.FromHours(1) });
        harness.Registry.Answer = new RegistryResult<Avro.Schema>.NotFound("40403");
        await harness.Events.AppendAsync(Events.Random(1, 100));
        harness.Start();
        await PausedAsync(harness, $"schema registry: the registry has no schema {harness.Events.TransactionId} yet");
        Assert.Empty(await harness.DeadLettersAsync());

        harness.Registry.Answer = null;
        await AssertWholeAsync(harness);
        Assert.DoesNotContain(await harness.DeadLettersAsync(), letter => letter.Reason == DeadLetterReason.UnknownSchema);
    }

    [Fact]
    public async Task An_unknown_schema_is_waited_for_once_and_not_again_after_a_restart()
    {
        var store = new MemoryStore();
        await using (var harness = await SourceHarness.CreateAsync(_folder, SourceHarness.Unflushed, store: store))
        {
            await harness.Events.AppendRawAsync(s_unknown);
            harness.Start();
            await harness.CaughtUpAsync();
        }

        await using var restarted = await SourceHarness.CreateAsync(_folder, SourceHarness.Unflushed with { UnknownSchemaWait = TimeSpan.FromHours(1) }, store: store);
        restarted.Start();
        await restarted.CaughtUpAsync();
        await restarted.Events.AppendRawAsync(s_unknown);
        await restarted.CaughtUpAsync();
        Assert.Equal(
            [(0L, DeadLetterReason.UnknownSchema), (1L, DeadLetterReason.UnknownSchema)],
            (await restarted.DeadLettersAsync()).Select(letter => (letter.Offset, letter.Reason)));
    }

    [Fact]
    public async Task A_schema_that_the_registry_has_lost_pauses_the_partition_and_loses_no_event()
    {
        var store = new MemoryStore();
        await using (var harness = await SourceHarness.CreateAsync(_folder, SourceHarness.Unflushed, store: store))
        {
            await harness.Events.AppendAsync(Events.Random(1, 100));
            harness.Start();
            await harness.CaughtUpAsync();
        }

        await using var restarted = await SourceHarness.CreateAsync(_folder, SourceHarness.Unflushed, store: store);
        restarted.Registry.Answer = new RegistryResult<Avro.Schema>.NotFound("40403");
        restarted.Start();
        await PausedAsync(restarted, $"schema registry: it has lost schema {restarted.Events.TransactionId}, which it gave before");
        Assert.DoesNotContain(await restarted.DeadLettersAsync(), letter => letter.Reason == DeadLetterReason.UnknownSchema);

        restarted.Registry.Answer = null;
        await AssertWholeAsync(restarted);
    }

    [Fact]
    public async Task With_another_consumer_group_a_lost_schema_is_unknown_and_its_events_become_dead_letters()
    {
        var store = new MemoryStore();
        await using (var harness = await SourceHarness.CreateAsync(_folder, SourceHarness.Unflushed, store: store))
        {
            await harness.Events.AppendRawAsync(harness.Events.Bytes(Events.Transaction("c", Events.Start)));
            harness.Start();
            await harness.CaughtUpAsync();
        }

        await using var restarted = await SourceHarness.CreateAsync(_folder, SourceHarness.Unflushed with { ConsumerGroup = "other" }, store: store);
        restarted.Registry.Answer = new RegistryResult<Avro.Schema>.NotFound("40403");
        restarted.Start();
        await restarted.CaughtUpAsync();
        Assert.Equal("transactions/0/0/unknown_schema", Assert.Single(await restarted.DeadLettersAsync()).Id);
    }

    [Fact]
    public async Task An_event_whose_schema_is_registered_later_stays_a_dead_letter_until_it_is_replayed()
    {
        for (var start = 0; start < 3; start++)
        {
            await using var harness = await SourceHarness.CreateAsync(_folder, SourceHarness.Quick);
            if (start == 0)
            {
                await harness.Events.AppendRawAsync(harness.Events.Bytes(Events.Transaction("c", Events.Start)));
                harness.Registry.Answer = new RegistryResult<Avro.Schema>.NotFound("40403");
            }

            harness.Start();
            await harness.CaughtUpAsync();
            Assert.Null(await harness.ReadAsync("card", "c", Events.Start + 1));
            Assert.Equal(DeadLetterReason.UnknownSchema, Assert.Single(await harness.DeadLettersAsync()).Reason);
        }
    }

    [Fact]
    public async Task A_schema_that_is_not_avro_makes_dead_letters_and_is_no_outage()
    {
        await using var harness = await SourceHarness.CreateAsync(_folder, SourceHarness.Quick);
        harness.Registry.Answer = new RegistryResult<Avro.Schema>.Rejected(RegistryRejection.InvalidSchema, "it is PROTOBUF");
        await harness.Events.AppendAsync(Events.Transaction("c", Events.Start));
        harness.Start();
        await harness.CaughtUpAsync();

        Assert.Equal(DeadLetterReason.IncompatibleSchema, Assert.Single(await harness.DeadLettersAsync()).Reason);
    }

    [Fact]
    public async Task A_registry_that_is_unavailable_at_the_start_only_delays_dead_letters()
    {
        await using var harness = await SourceHarness.CreateAsync(_folder, SourceHarness.Quick);
        harness.Registry.RegisterAnswer = new RegistryResult<int>.Unavailable("nobody answers", null);
        await harness.Events.AppendRawAsync([9]);
        harness.Start();
        await PausedAsync(harness, "schema registry: nobody answers");

        harness.Registry.RegisterAnswer = null;
        await harness.CaughtUpAsync();
        Assert.Single(await harness.DeadLettersAsync());
    }
}
