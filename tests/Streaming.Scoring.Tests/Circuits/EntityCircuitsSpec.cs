using Microsoft.Extensions.Time.Testing;
using Streaming.Features.State;
using Streaming.Scoring.Circuits;

namespace Streaming.Scoring.Tests.Circuits;

/// <summary>What becomes of entities that are asked.</summary>
public sealed class EntityCircuitsSpec
{
    private readonly FakeTimeProvider _clock = new();
    private readonly List<string> _changes = [];
    private readonly EntityCircuits _circuits;
    private int _asked;

    public EntityCircuitsSpec() => _circuits = new(
        new(0.5, 4, TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(5), TimeSpan.FromMilliseconds(100)), _clock, (entity, state) => _changes.Add($"{entity} {state}"));

    [Fact]
    public async Task Each_way_to_fail_has_its_cause()
    {
        Assert.Equal(new EntityAnswer(ReadOutcome.Done, FallbackCause.None), await AskAsync("card", () => ReadOutcome.Done));
        Assert.Equal(new EntityAnswer(ReadOutcome.TooOld, FallbackCause.None), await AskAsync("type0", () => ReadOutcome.TooOld));
        Assert.Equal(FallbackCause.EntityTimeout, (await AskAsync("type1", () => throw new TimeoutException())).Cause);
        Assert.Equal(FallbackCause.EntityFailed, (await AskAsync("type2", () => throw new InvalidOperationException())).Cause);
        Assert.Equal(FallbackCause.EntityFailed, (await AskAsync("type3", () => ReadOutcome.NotHere)).Cause);
        await Assert.ThrowsAsync<OperationCanceledException>(() => AskAsync("card", () => throw new OperationCanceledException()));
    }

    [Fact]
    public async Task An_entity_type_that_fails_is_not_asked_and_others_are()
    {
        await FailAsync(4);
        Assert.Equal(FallbackCause.EntityOpen, (await AskAsync("card", () => ReadOutcome.Done)).Cause);
        Assert.Equal(4, _asked);
        Assert.Equal(FallbackCause.None, (await AskAsync("terminal", () => ReadOutcome.Done)).Cause);
        Assert.Equal([("card", true), ("terminal", false)], _circuits.All.Order());
    }

    [Fact]
    public async Task After_the_break_one_answer_closes_it()
    {
        await FailAsync(4);
        _clock.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal(FallbackCause.None, (await AskAsync("card", () => ReadOutcome.Done)).Cause);
        Assert.Equal(FallbackCause.None, (await AskAsync("card", () => ReadOutcome.Done)).Cause);
        Assert.Equal(["card open", "card half open", "card closed"], _changes);
    }

    private async Task FailAsync(int times)
    {
        for (var i = 0; i < times; i++)
        {
            await AskAsync("card", () => throw new TimeoutException());
        }
    }

    private Task<EntityAnswer> AskAsync(string entity, Func<ReadOutcome> read) => _circuits.AskAsync(
        entity,
        _ =>
        {
            _asked++;
            return ValueTask.FromResult(read());
        },
        CancellationToken.None);
}
