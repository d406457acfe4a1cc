using Streaming.Features.Plans;
using Streaming.Features.State;
using Streaming.Features.Tests.Kit;
using Xunit.Abstractions;

namespace Streaming.Features.Tests.State;

/// <summary>Alone while it runs: it measures the memory of the whole process.</summary>
[CollectionDefinition(nameof(EntityMemorySpec), DisableParallelization = true)]
[Collection(nameof(EntityMemorySpec))]
public class EntityMemorySpec(ITestOutputHelper output)
{
    private static readonly EntityPlan s_card = Views.Entity(Views.CardActivity);

    [Fact]
    public void A_card_of_sixty_events_takes_less_than_2100_bytes()
    {
        const int cards = 10_000;
        var batch = Transactions.Batch([.. Enumerable.Range(0, 60).Select(i => new Transaction(0, i, RandomStream.Start + (i * Views.Hour), Amount: i))]);
        var rows = Transactions.Rows(batch);
        var states = new EntityState[cards];
        Fill(states.AsSpan(0, 10), batch, rows);
        var before = GC.GetTotalMemory(forceFullCollection: true);
        Fill(states, batch, rows);
        var bytes = (GC.GetTotalMemory(forceFullCollection: true) - before) / (double)cards;
        GC.KeepAlive(states);
        output.WriteLine($"{bytes:F0} bytes a card, {states[0].MemoryBytes} of them words of state");
        Assert.InRange(bytes, states[0].MemoryBytes, 2100);
    }

    private static void Fill(Span<EntityState> states, Events.EventBatch batch, int[] rows)
    {
        foreach (ref var state in states)
        {
            state = new EntityState(s_card);
            foreach (var row in rows)
            {
                state.Apply(s_card.Feeds[0], batch, [row]);
            }
        }
    }
}
