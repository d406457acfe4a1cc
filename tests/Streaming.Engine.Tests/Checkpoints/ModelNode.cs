using Streaming.Engine.Checkpoints;

namespace Streaming.Engine.Tests.Checkpoints;

/// <summary>A process: sources, shards with their keepers, and the messages between them.</summary>
internal sealed class ModelNode(ModelLog log, ModelStore store, ModelTwin twin)
{
    private readonly int[] _losses = new int[ModelLog.Partitions];
    private readonly ModelRun?[] _runs = new ModelRun?[ModelLog.Partitions];
    private readonly (int Losses, RunStart Start)?[] _beginning = new (int, RunStart)?[ModelLog.Partitions];
    private readonly ModelShard?[] _shards = new ModelShard?[ModelLog.Shards];

    public List<ModelMessage> InFlight { get; } = [];

    /// <summary>Whether it has taken its slots.</summary>
    public bool IsOpen => _shards.All(static shard => shard is not null);

    /// <summary>Whether the store has refused it: its end.</summary>
    public bool IsRefused { get; private set; }

    public void OpenNext()
    {
        var number = Array.IndexOf(_shards, null);
        _shards[number] = new ModelShard(store, twin, number).Open();
    }

    public void OpenAll()
    {
        while (!IsOpen)
        {
            OpenNext();
        }
    }

    public void Reopen(int number)
    {
        var shard = _shards[number]!;
        shard.Reopen();
        for (var partition = 0; partition < ModelLog.Partitions; partition++)
        {
            _losses[partition] += twin == ModelTwin.OldRunsCount ? 0 : 1;
            if (_runs[partition] is { } run && !shard.Admits(partition, run.Start))
            {
                InFlight.Add(new(ModelMessageKind.End, run, partition, 0, 0, 0));
            }
        }
    }

    /// <summary>
    /// The first half of the beginning of a run, which comes to life with its first delivery. The losses are noted before the restart
    /// point: a shard that opens between the two is a loss that the run does not repair.
    /// </summary>
    public void BeginRun(int partition)
    {
        _runs[partition] = null;
        _beginning[partition] = (_losses[partition], twin == ModelTwin.LossesNotedLate ? StartOf(partition) : default);
    }

    /// <summary>Begins a run where none is running, or delivers the next event. False where there is nothing to do.</summary>
    public bool TryDeliver(int partition)
    {
        if (_runs[partition] is null)
        {
            EndBeginning(partition);
            return true;
        }

        var run = _runs[partition]!;
        if (run.Next >= log.End(partition))
        {
            return IsStuck(run, partition);
        }

        var (entity, offset) = (log.EntityAt(partition, run.Next), run.Next);
        InFlight.Add(new(ModelMessageKind.Delivery, run, partition, entity, offset, run.Deliver(entity)));
        return true;
    }

    // What does not come is waited for up to a time-out; a loss ends a run, too.
    private bool IsStuck(ModelRun run, int partition)
    {
        var isStuck = InFlight.TrueForAll(message => message.Run != run)
            && (run.Confirmed < run.Next || run.Losses != _losses[partition]);
        if (isStuck)
        {
            BeginRun(partition);
        }

        return isStuck;
    }

    private void EndBeginning(int partition)
    {
        if (_beginning[partition] is not { } beginning)
        {
            BeginRun(partition);
            return;
        }

        _beginning[partition] = null;
        _runs[partition] = twin == ModelTwin.LossesNotedLate
            ? new(beginning.Start, _losses[partition])
            : new(StartOf(partition), beginning.Losses);
    }

    private RunStart StartOf(int partition) => RestartPoint.Start(
        RestartPoint.Of(ModelStore.Partition(partition), _shards.Select(static shard => shard!.Durable)), 0);

    public void Receive(ModelMessage message)
    {
        switch (message.Kind)
        {
            case ModelMessageKind.Delivery:
                InFlight.Add(message with { Kind = Apply(message) ? ModelMessageKind.Confirmation : ModelMessageKind.End });
                break;
            case ModelMessageKind.Confirmation when message.Run == _runs[message.Partition]:
                message.Run.Confirm(message.Offset);
                break;
            case ModelMessageKind.End when message.Run == _runs[message.Partition]:
                _runs[message.Partition] = null;
                break;
        }
    }

    private bool Apply(ModelMessage message)
    {
        var shard = ShardOf(message.Entity);
        var entity = shard[message.Entity];
        if (!shard.Admits(message.Partition, message.Run.Start) || entity.State.End(message.Partition) < message.Previous)
        {
            return false;
        }

        if (entity.State.End(message.Partition) <= message.Offset)
        {
            entity.State = entity.State.Apply(message.Partition, message.Offset);
            entity.IsDirty = true;
        }

        return true;
    }

    public void CrashEntity(int entity)
    {
        IsRefused |= !ShardOf(entity).TryCrash(entity, out var lost);
        for (var partition = 0; partition < ModelLog.Partitions; partition++)
        {
            _losses[partition] += lost?.End(partition) > 0 ? 1 : 0;
        }
    }

    public void FlushStep(int shard) => IsRefused |= !_shards[shard]!.TryFlushStep(Progress);

    public ModelState Read(int entity) => ShardOf(entity)[entity].State;

    /// <summary>What is wrong in memory; null for nothing.</summary>
    public string? Fault()
    {
        for (var entity = 0; entity < ModelLog.Entities; entity++)
        {
            if (_shards[ModelLog.ShardOf(entity)] is { } shard && !shard[entity].State.IsFoldOf(log, entity))
            {
                return $"entity {entity} is not the fold of its events: {shard[entity].State}";
            }
        }

        return IsOpen ? Enumerable.Range(0, ModelLog.Shards).Select(DurableFault).FirstOrDefault(static fault => fault is not null) : null;
    }

    // A node that owns its slot knows what the slot vouches for, and begins no run behind it.
    private string? DurableFault(int number)
    {
        var vouched = store[number].Manifest?.Durable ?? Marks.None;
        if (!_shards[number]!.IsOwner)
        {
            return null;
        }

        if (!vouched.Covers(_shards[number]!.Durable))
        {
            return $"slot {number} vouches for less than its owner says";
        }

        for (var partition = 0; partition < ModelLog.Partitions; partition++)
        {
            var key = ModelStore.Partition(partition);
            var restart = RestartPoint.Of(key, _shards.Select(static shard => shard!.Durable));
            if (!vouched.Cover(key, restart?.Offset ?? 0))
            {
                return $"the restart point {restart} of partition {partition} is ahead of slot {number}";
            }
        }

        return null;
    }

    private ModelShard ShardOf(int entity) => _shards[ModelLog.ShardOf(entity)]!;

    private Marks Progress() => Marks.Of(
        from partition in Enumerable.Range(0, ModelLog.Partitions)
        let run = _runs[partition]
        where run is not null && run.Losses == _losses[partition]
        select KeyValuePair.Create(ModelStore.Partition(partition), new PartitionMark(run.Confirmed, 10 * run.Confirmed, 0)));
}
