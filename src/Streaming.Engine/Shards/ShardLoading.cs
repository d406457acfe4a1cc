using System.Diagnostics.CodeAnalysis;
using System.Text;
using Akka.Actor;
using Streaming.Engine.Deliveries;
using Streaming.Persistence.Redis.Slots;

namespace Streaming.Engine.Shards;

/// <summary>
/// The loading of a slot's snapshots in bulk, while the shard is open already: an entity that is needed before is loaded alone. It ends
/// when all are in memory, when there is no room for more, or when an entity has left memory: the pages that are on their way may be older
/// than what it left. Used by the keeper.
/// </summary>
[SuppressMessage("Design", "CA1001", Justification = "The semaphore has no wait handle that would need disposal.")]
internal sealed class ShardLoading
{
    private const int PageEntities = 512;
    private const int PagesWaiting = 4;

    private readonly Shard _shard;
    private readonly long _departures;
    private readonly SemaphoreSlim _room = new(PagesWaiting);
    private bool _isEnded;

    private ShardLoading(Shard shard) => (_shard, _departures) = (shard, shard.Departures);

    /// <summary>
    /// Begins. Snapshots that no manifest vouches for are left alone: the log's beginning makes them again. The keeper gets
    /// <see cref="ShardProtocol.Loaded"/> for each page and at the end.
    /// </summary>
    /// <returns>Null where there is nothing to load.</returns>
    public static ShardLoading? Begin(Shard shard, ShardProtocol.Taken taken, IActorRef keeper, CancellationToken life)
    {
        var loading = new ShardLoading(shard);
        if (taken.Manifest is null)
        {
            shard.SetWhole(loading._departures);
            return null;
        }

        loading.LoadAsync(taken.Slot, keeper, life).PipeTo(
            keeper, success: static () => new ShardProtocol.Loaded(null), failure: static cause => new ShardProtocol.LoadFailed(cause));
        return loading;
    }

    /// <summary>Adds a page to what is in memory.</summary>
    /// <returns>False when the loading has ended.</returns>
    public bool TryAdd(IReadOnlyList<SlotEntry>? page)
    {
        _room.Release();
        if (page is null || _shard.Residency.IsOver || _shard.Departures != _departures)
        {
            Volatile.Write(ref _isEnded, true);
            if (page is null)
            {
                _shard.SetWhole(_departures);
            }

            return false;
        }

        foreach (var (key, snapshot) in page)
        {
            _shard.AddCold(Encoding.UTF8.GetBytes(key), snapshot);
        }

        return true;
    }

    private async Task LoadAsync(IShardSlot slot, IActorRef keeper, CancellationToken life)
    {
        List<SlotEntry> page = [];
        await foreach (var entry in slot.LoadAllAsync(life))
        {
            page.Add(entry);
            if (page.Count == PageEntities)
            {
                await _room.WaitAsync(life);
                keeper.Tell(new ShardProtocol.Loaded(page), ActorRefs.NoSender);
                page = [];
                if (Volatile.Read(ref _isEnded))
                {
                    return;
                }
            }
        }

        keeper.Tell(new ShardProtocol.Loaded(page), ActorRefs.NoSender);
    }
}
