using Streaming.Contracts.Events;
using Streaming.Persistence.Conformance;
using Streaming.Log;

namespace Streaming.Engine.Tests;

/// <content>Events that make their entity fail.</content>
public sealed partial class DeadLetterSpec
{
    [Fact]
    public async Task A_poison_event_is_skipped_by_the_feed_that_failed_and_no_dead_letter_is_repeated()
    {
        await using var harness = await SourceHarness.CreateAsync(
            _folder,
            SourceHarness.Quick with { DirectDelivery = false, RecordsPerRead = 2 });
        var poison = Events.Transaction("c2", Events.Start + 2, terminal: "poisoned");
        for (var i = 0; i < 5; i++)
        {
            await harness.Events.AppendRawAsync(harness.Events.Bytes(i == 2 ? poison : Events.Transaction($"c{i}", Events.Start + i)));
            await harness.Events.AppendRawAsync([1, 2, 3]);
        }

        harness.Faults.Passes = delivery => !FailsOn(delivery, "poisoned");
        harness.Start();
        await harness.CaughtUpAsync();

        var letters = await harness.DeadLettersAsync();
        var letter = Assert.Single(letters, letter => letter.Reason == DeadLetterReason.Poison);
        Assert.Equal((0, 4L, "transactions/0/4/poison"), (letter.Partition, letter.Offset, letter.Id));
        Assert.Contains("bad luck", letter.Detail, StringComparison.Ordinal);
        Assert.Equal(6, letters.Select(each => each.Id).Distinct().Count());
        Assert.Equal(6, letters.Count);
        Assert.Equal(6, harness.First.DeadLettered);
        Assert.Equal(1.0, (await harness.ReadAsync("card", "c2", Events.Start + 10))![0].Number);
        Assert.Null(harness.Find("terminal", "poisoned"));
    }

    [Fact]
    public async Task Each_poison_event_costs_one_run_once_and_has_one_dead_letter()
    {
        var store = new MemoryStore();
        for (var start = 1; start <= 2; start++)
        {
            await using var harness = await SourceHarness.CreateAsync(
                _folder, SourceHarness.Unflushed with { DirectDelivery = false }, store: store);
            if (start == 1)
            {
                await harness.Events.AppendRawAsync(harness.Events.Bytes(Events.Transaction("c1", Events.Start + 1, terminal: "poisoned")));
                await harness.Events.AppendRawAsync(harness.Events.Bytes(Events.Transaction("c2", Events.Start + 2, terminal: "poisoned")));
            }

            harness.Faults.Passes = delivery => !FailsOn(delivery, "poisoned");
            harness.Start();
            await harness.CaughtUpAsync();

            // The first process needs a run for each of them; the next one knows them.
            Assert.Equal(start == 1 ? [0L, 0L, 0L] : [0L], harness.Log.Reads.Where(read => read.Partition == new TopicPartition("transactions", 0)).Select(read => read.FromOffset));
            Assert.Equal(2, (await harness.DeadLettersAsync()).Count);
            Assert.Equal(1.0, (await harness.ReadAsync("card", "c2", Events.Start + 10))![0].Number);
            Assert.Null(harness.Find("terminal", "poisoned"));
        }
    }
}
