using System.Runtime.CompilerServices;
using System.Text;
using Akka.Actor;
using Streaming.Engine.Deliveries;
using Streaming.Features.Events;

namespace Streaming.Engine.Entities;

/// <summary>Goes through the states of all entities of a type, each as its owner has it at some moment on the way.</summary>
internal sealed class EntityStates(EntityType type, StateBound bound)
{
    private const int AskedMax = 32;

    private readonly HashSet<byte[]> _seen = new(Utf8KeyComparer.Instance);

    /// <summary>All states, each key once: those in memory, then those that are in snapshots alone.</summary>
    /// <exception cref="TimeoutException">An entity does not answer.</exception>
    public async IAsyncEnumerable<(byte[] Key, ReadOnlyMemory<byte> State)> ReadAsync(
        [EnumeratorCancellation] CancellationToken cancellation)
    {
        // Whether a slot has more than memory is noted first: a shard that is whole in the end may have become so behind the look.
        List<(Shard Shard, ShardOpening Opening, bool HadAbsent)> shards = [];
        foreach (var shard in type.Shards)
        {
            shards.Add((shard, await bound.OpenedAsync(shard, cancellation), shard.HasAbsent));
        }

        // One that goes from one place to the other on the way is found in the next round.
        for (var seen = -1; seen != _seen.Count;)
        {
            seen = _seen.Count;
            await foreach (var entity in InMemoryAsync(cancellation))
            {
                yield return entity;
            }
        }

        // An entity that leaves memory on the way is in its snapshot by then; one that comes was in it.
        foreach (var (shard, opening, hadAbsent) in shards)
        {
            if (hadAbsent || shard.HasAbsent)
            {
                await foreach (var (text, snapshot) in opening.Slot.LoadAllAsync(cancellation))
                {
                    if (Encoding.UTF8.GetBytes(text) is var key && _seen.Add(key))
                    {
                        yield return (key, snapshot);
                    }
                }
            }
        }
    }

    private async IAsyncEnumerable<(byte[] Key, ReadOnlyMemory<byte> State)> InMemoryAsync(
        [EnumeratorCancellation] CancellationToken cancellation)
    {
        foreach (var handles in type.Directory.Handles.Chunk(AskedMax))
        {
            var asked = handles.Where(handle => handle.IsAlive && _seen.Add(handle.Key)).Select(Ask).ToList();
            foreach (var (handle, query) in asked)
            {
                if (await StateAsync(handle.Key, query, cancellation) is { } state)
                {
                    yield return (handle.Key, state);
                }
            }
        }

        foreach (var shard in type.Shards)
        {
            foreach (var (key, snapshot) in shard.Cold.All)
            {
                if (_seen.Add(key))
                {
                    yield return (key, snapshot);
                }
            }
        }
    }

    private async Task<ReadOnlyMemory<byte>?> StateAsync(byte[] key, StateQuery query, CancellationToken cancellation) =>
        await bound.ReplyAsync(query, type, key, cancellation)
            ?? await type.ShardOf(key).Opening!.Slot.LoadAsync(Encoding.UTF8.GetString(key), cancellation);

    private static (EntityHandle Handle, StateQuery Query) Ask(EntityHandle handle)
    {
        var query = new StateQuery();
        handle.Actor.Tell(query, ActorRefs.NoSender);
        return (handle, query);
    }
}
