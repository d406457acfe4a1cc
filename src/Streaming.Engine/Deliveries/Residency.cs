// Hot: one look per read of an entity.
namespace Streaming.Engine.Deliveries;

/// <summary>
/// How many entities this node has in memory, against their ceiling. Above it the keepers let the least recently used ones leave;
/// further above, sources wait: entities whose last state is not in the store cannot leave. Thread-safe.
/// </summary>
/// <param name="entitiesMax">The most entities.</param>
/// <param name="bytesMax">The most bytes that they take.</param>
/// <param name="restAfter">How long an entity is not used until it rests.</param>
/// <param name="time">The clock.</param>
internal sealed class Residency(long entitiesMax, long bytesMax, TimeSpan restAfter, TimeProvider time)
{
    /// <summary>
    /// Bytes that an entity takes beside its state: its actor, its places in Akka's and the engine's tables, its route in a source.
    /// Measured: docs/adr/0013-memory-of-an-entity.md.
    /// </summary>
    public const int ActorBytes = 1_900;

    /// <summary>Bytes that a snapshot in memory takes beside its own: its key and its place in a table.</summary>
    public const int ColdBytes = 150;

    private const double WaitAbove = 1.1;
    private const double KeepBelow = 0.95;
    private static readonly TimeSpan s_lookEvery = TimeSpan.FromMilliseconds(10);

    private readonly Queue<(int Now, long Ticks)> _turns = new();
    private readonly TaskCompletionSource _settled = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile bool _isSettling;
    private int _now;
    private int _restUpTo = -1;
    private long _entities;
    private long _bytes;
    private long _left;
    private long _recalled;
    private long _forgotten;
    private int _waiting;

    /// <summary>A coarse time of uses: it goes on with each turn of a keeper.</summary>
    public int Now => Volatile.Read(ref _now);

    /// <summary>Entities in memory.</summary>
    public long Entities => Volatile.Read(ref _entities);

    /// <summary>Bytes of them, as their keepers saw them last.</summary>
    public long Bytes => Volatile.Read(ref _bytes);

    /// <summary>Whether entities must leave.</summary>
    public bool IsOver => Excess > 1;

    /// <summary>How many times the ceiling is what there is: 1 is the ceiling.</summary>
    private double Excess => Math.Max(Entities / (double)entitiesMax, Bytes / (double)bytesMax);

    /// <summary>Whether all entities are asked to rest, once: the log is read, and what it touched waits for its next event.</summary>
    public bool IsSettling => _isSettling;

    /// <summary>Entities that were used last at this <see cref="Now"/>, or before, rest.</summary>
    public int RestUpTo => _isSettling ? int.MaxValue : Volatile.Read(ref _restUpTo);

    /// <summary>A keeper has its turn.</summary>
    public void Advance()
    {
        lock (_turns)
        {
            _turns.Enqueue((++_now, time.GetTimestamp()));
            while (_turns.TryPeek(out var turn) && time.GetElapsedTime(turn.Ticks) >= restAfter)
            {
                _restUpTo = turn.Now - 1;
                _turns.Dequeue();
            }
        }
    }

    /// <summary>Asks all entities to rest; completes when each keeper has had its turn, or the store is away.</summary>
    public Task SettleAsync()
    {
        _isSettling = !_settled.Task.IsCompleted;
        return _settled.Task;
    }

    /// <summary>They have been asked.</summary>
    public void Settled()
    {
        _isSettling = false;
        _settled.TrySetResult();
    }

    /// <summary>Entities have come to memory; negative where they have gone.</summary>
    public void Add(long entities) => Interlocked.Add(ref _entities, entities);

    /// <summary>A shard takes so many bytes more than it said before; negative for less.</summary>
    public void AddBytes(long bytes) => Interlocked.Add(ref _bytes, bytes);

    /// <summary>Entities have left memory for the store.</summary>
    public void CountLeft(long entities) => Interlocked.Add(ref _left, entities);

    /// <summary>An entity came back from the store.</summary>
    public void CountRecalled() => Interlocked.Increment(ref _recalled);

    /// <summary>Entities are forgotten: their states could matter no more.</summary>
    public void CountForgotten(long entities) => Interlocked.Add(ref _forgotten, entities);

    /// <summary>How many of a shard's entities are to leave, so that all shards together are below the ceiling.</summary>
    public int Surplus(int entities) => Excess is var excess and > 1 ? (int)Math.Ceiling(entities * (1 - (KeepBelow / excess))) : 0;

    /// <summary>All of it, for status and metrics.</summary>
    public EntityMemory Describe() => new(
        Entities, entitiesMax, Bytes, bytesMax, Volatile.Read(ref _left), Volatile.Read(ref _recalled), Volatile.Read(ref _forgotten),
        Volatile.Read(ref _waiting));

    /// <summary>Waits until there is room for the entities of another read.</summary>
    public async ValueTask RoomAsync(TimeProvider time, CancellationToken cancellation)
    {
        if (Excess <= WaitAbove)
        {
            return;
        }

        Interlocked.Increment(ref _waiting);
        try
        {
            while (Excess > WaitAbove)
            {
                await Task.Delay(s_lookEvery, time, cancellation);
            }
        }
        finally
        {
            Interlocked.Decrement(ref _waiting);
        }
    }
}
