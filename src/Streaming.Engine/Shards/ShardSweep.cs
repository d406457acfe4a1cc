using System.Text;
using Akka.Actor;
using Streaming.Engine.Deliveries;
using Streaming.Features.State;
using Streaming.Persistence.Redis.Slots;

namespace Streaming.Engine.Shards;

/// <summary>
/// Forgets the entities of a shard whose states can matter no more (<see cref="EntityState.UselessFromMillis"/>), in memory and in the
/// slot, once the manifest has said since when entities are remembered. It reads the slot beside everything else, and deletes between two
/// flushes: what was written meanwhile stays, and so does what has an actor. Used by the keeper.
/// </summary>
internal sealed class ShardSweep(Shard shard, IActorRef keeper, CancellationToken life)
{
    private const int KeysMax = 50_000;

    private readonly HashSet<byte[]> _written = new(Features.Events.Utf8KeyComparer.Instance);
    private IReadOnlyList<string> _found = [];
    private long _sinceMillis = long.MinValue;
    private long _sweptMillis = long.MinValue;
    private bool _isReading;
    private int _number;

    /// <summary>Whether the slot deletes: nothing else may be written to it.</summary>
    public bool IsDeleting { get; private set; }

    /// <summary>
    /// Deletes what was found, or else looks for what may be forgotten since it looked last. Between two flushes.
    /// </summary>
    /// <returns>Whether the slot deletes; the keeper gets <see cref="ShardProtocol.Forgotten"/>.</returns>
    public bool GoOn(IShardSlot slot)
    {
        Delete(slot);
        if (!IsDeleting)
        {
            Find(slot);
        }

        return IsDeleting;
    }

    private void Find(IShardSlot slot)
    {
        if (!_isReading && _found.Count == 0 && shard.SinceMillis > _sweptMillis)
        {
            (_isReading, _sinceMillis) = (true, shard.SinceMillis);
            _number++;
            _written.Clear();
            FindAsync(slot, _number, _sinceMillis).PipeTo(
                keeper, success: static swept => swept, failure: static cause => new ShardProtocol.LoadFailed(cause));
        }
    }

    /// <summary>The slot was read. What a reading found that was given up means nothing: what was written since is not known.</summary>
    public void Read(ShardProtocol.Swept swept)
    {
        if (_isReading && swept.Number == _number)
        {
            (_isReading, _found) = (false, swept.Keys);
            _sweptMillis = swept.IsAll ? _sinceMillis : _sweptMillis;
        }
    }

    /// <summary>The slot could not be read: it is read again later.</summary>
    public void EndReading() => _isReading = false;

    /// <summary>Snapshots were written: they are not those that were looked at.</summary>
    public void Written(IEnumerable<ShardProtocol.Snapshot> snapshots)
    {
        if (_isReading || _found.Count > 0)
        {
            _written.UnionWith(snapshots.Select(static snapshot => snapshot.Entity.Key));
        }
    }

    private void Delete(IShardSlot slot)
    {
        var forgotten = _found.Where(CanForget).ToArray();
        _found = [];
        if (forgotten.Length > 0)
        {
            IsDeleting = true;
            slot.DeleteAsync(forgotten, life).PipeTo(
                keeper,
                success: () => new ShardProtocol.Forgotten(forgotten.Length),
                failure: static cause => new ShardProtocol.Failed(cause));
        }
    }

    /// <summary>It has deleted.</summary>
    public void Deleted(int entities)
    {
        IsDeleting = false;
        shard.Residency.CountForgotten(entities);
    }

    /// <summary>The store does not work: all is looked for again.</summary>
    public void Abort() => (_isReading, IsDeleting, _found, _sweptMillis) = (false, false, [], long.MinValue);

    private bool CanForget(string text) => Encoding.UTF8.GetBytes(text) is var key && !_written.Contains(key) && shard.TryForget(key);

    private async Task<ShardProtocol.Swept> FindAsync(IShardSlot slot, int number, long sinceMillis)
    {
        var found = new List<string>();
        await foreach (var (key, snapshot) in slot.LoadAllAsync(life))
        {
            if (StateBytes.Read(shard.Plan, snapshot.Span).State is { } state && state.UselessFromMillis <= sinceMillis)
            {
                found.Add(key);
                if (found.Count == KeysMax)
                {
                    return new ShardProtocol.Swept(number, found, IsAll: false);
                }
            }
        }

        return new ShardProtocol.Swept(number, found, IsAll: true);
    }
}
