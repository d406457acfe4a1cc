using Streaming.Engine.Deliveries;

namespace Streaming.Engine.Entities;

/// <summary>
/// The bound of each step of reading a whole state, which no score waits for. A step that is late says what was waited for, how long, and
/// what to do.
/// </summary>
internal sealed class StateBound(TimeSpan timeout, TimeProvider time)
{
    /// <summary>Waits until a shard is open.</summary>
    /// <exception cref="TimeoutException">It is not, within the bound.</exception>
    public Task<ShardOpening> OpenedAsync(Shard shard, CancellationToken cancellation) => WithinAsync(
        shard.OpenedAsync(),
        () => $"shard {shard} is not open: its keeper could not take its slot of the store of snapshots",
        cancellation);

    /// <summary>Waits for the answer of an entity.</summary>
    /// <exception cref="TimeoutException">There is none within the bound.</exception>
    public Task<ReadOnlyMemory<byte>?> ReplyAsync(
        StateQuery query, EntityType type, ReadOnlyMemory<byte> key, CancellationToken cancellation) => WithinAsync(
        query.Reply,
        () => $"{type.Plan.Name}/{Mask.Key(key.Span)} has not said its state: its actor is busy, or its snapshot is still being loaded",
        cancellation);

    private async Task<T> WithinAsync<T>(Task<T> step, Func<string> late, CancellationToken cancellation)
    {
        try
        {
            return await step.WaitAsync(timeout, time, cancellation);
        }
        catch (TimeoutException e) when (!step.IsFaulted)
        {
            var waited = FormattableString.Invariant($"waited for {timeout.TotalSeconds:0.###} s, streaming.engine.state-timeout");
            throw new TimeoutException($"{late()} ({waited}); try again, and look at the node's log", e);
        }
    }
}
