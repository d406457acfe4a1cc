using Streaming.Engine.Checkpoints;

namespace Streaming.Engine.Tests.Checkpoints;

/// <summary>A process: sources, shards with their keepers, and the messages between them.</summary>
/// <param name="log">The log.</param>
/// <param name="store">The slots.</param>
/// <param name="twin">The mistake.</param>
/// <param name="isDirect">Whether sources and keepers look at each other, instead of telling each other.</param>
internal sealed class ModelNode(ModelLog log, ModelStore store, ModelTwin twin, bool isDirect)
{
    private readonly ModelRun?[] _runs = new ModelRun?[ModelLog.Partitions];
    private readonly ShardVouch[]?[] _beginning = new ShardVouch[]?[ModelLog.Partitions];
    private readonly ModelShard?[] _shards = new ModelShard?[ModelLog.Shards];

    // What sources have heard of shards, and keepers of sources.
    private readonly ShardVouch?[] _words = new ShardVouch?[ModelLog.Shards];
    private readonly RunProgress?[] _progress = new RunProgress?[ModelLog.Partitions];

    private readonly List<ModelMessage.Vouch> _remembered = [];

    public List<ModelMessage> InFlight { get; } = [];

    /// <summary>Whether it has taken its slots.</summary>
    public bool IsOpen => _shards.All(static shard => shard is not null);

    /// <summary>Whether the store has refused it: its end.</summary>
    public bool IsRefused { get; private set; }

    private ShardVouch[] Words => [.. Enumerable.Range(0, ModelLog.Shards).Select(Word).OfType<ShardVouch>()];

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

    public void Reopen(int number) => _shards[number]!.Reopen();

    /// <summary>A shard says what it vouches for, and a source what it has confirmed.</summary>
    public void Tell(int shard, int partition)
    {
        if (!isDirect)
        {
            InFlight.Add(new ModelMessage.Vouch(shard, _shards[shard]!.Vouch));
            InFlight.AddRange(Confirmed(partition).Select(static run => new ModelMessage.Progress(run)));
        }
    }

    /// <summary>Keeps what a shard says now, to be heard later.</summary>
    public void Remember(int shard) => _remembered.Add(new(shard, _shards[shard]!.Vouch));

    /// <summary>What a shard said before it was opened again is heard late.</summary>
    public void TellAgain(int shard, Random random)
    {
        if (!isDirect && _remembered.FindAll(word => word.Shard == shard) is { Count: > 0 } words)
        {
            InFlight.Insert(0, words[random.Next(words.Count)]);
        }
    }

    /// <summary>
    /// The first half of the beginning of a run, which comes to life with its first delivery. It takes what the shards say at one moment:
    /// where it skipped by one word and went on with another, it would not repair what was lost between the two.
    /// </summary>
    public void BeginRun(int partition)
    {
        _runs[partition] = null;
        _beginning[partition] = Words;
    }

    /// <summary>Begins a run where none is running, or delivers the next event. False where there is nothing to do.</summary>
    public bool TryDeliver(int partition)
    {
        if (_runs[partition] is not { } run)
        {
            return TryBegin(partition);
        }

        if (run.Next >= log.End(partition))
        {
            return IsStuck(run, partition);
        }

        var (entity, offset) = (log.EntityAt(partition, run.Next), run.Next);
        var previous = run.Deliver(entity, TrimmedAt(run, partition));
        InFlight.Add(new ModelMessage.Delivery(partition, entity, offset, previous) { Run = run });
        return true;
    }

    // What does not come is waited for up to a time-out; a shard that is not what it was ends a run, too.
    private bool IsStuck(ModelRun run, int partition)
    {
        var isStuck = InFlight.TrueForAll(message => message.Run != run)
            && (run.Confirmed < run.Next || !IsOf(run, partition));
        if (isStuck)
        {
            BeginRun(partition);
        }

        return isStuck;
    }

    private bool IsOf(ModelRun run, int partition) => Enumerable.Range(0, ModelLog.Shards)
        .All(shard => run.Basis[ModelShard.Type, shard] == Word(shard)!.Stamp(ModelStore.Partition(partition)));

    private long TrimmedAt(ModelRun run, int partition) =>
        IsOf(run, partition) || twin == ModelTwin.TrimmedByAnyWord ? StartOf(partition, Words).Offset : 0;

    private bool TryBegin(int partition)
    {
        if (Words.Length < ModelLog.Shards)
        {
            return false;
        }

        if (_beginning[partition] is not { Length: ModelLog.Shards } words)
        {
            BeginRun(partition);
            return true;
        }

        _beginning[partition] = null;
        var noted = twin == ModelTwin.LossesNotedLate ? Words : words;
        var stamps = noted.Select(word => word.Stamp(ModelStore.Partition(partition)));
        _runs[partition] = new(StartOf(partition, words), new RunBasis([(ModelShard.Type, 0, [.. stamps])]));
        return true;
    }

    private static RunStart StartOf(int partition, ShardVouch[] words) =>
        RestartPoint.Start(RestartPoint.Of(ModelStore.Partition(partition), words.Select(static word => word.Durable)), 0);

    public void Receive(ModelMessage message)
    {
        switch (message)
        {
            case ModelMessage.Delivery delivery:
                InFlight.Add(Apply(delivery)
                    ? new ModelMessage.Confirmation(delivery.Partition, delivery.Offset) { Run = delivery.Run }
                    : new ModelMessage.End(delivery.Partition) { Run = delivery.Run });
                break;
            case ModelMessage.Confirmation confirmation when confirmation.Run == _runs[confirmation.Partition]:
                confirmation.Run!.Confirm(confirmation.Offset);
                break;
            case ModelMessage.End end when end.Run == _runs[end.Partition]:
                _runs[end.Partition] = null;
                break;
            case ModelMessage.Progress { Confirmed: var confirmed }:
                _progress[confirmed.Partition.Partition] = confirmed;
                break;
            case ModelMessage.Vouch vouch:
                _words[vouch.Shard] = ShardVouch.Later(_words[vouch.Shard], vouch.Word);
                break;
        }
    }

    private bool Apply(ModelMessage.Delivery message)
    {
        var shard = ShardOf(message.Entity);
        var entity = shard[message.Entity];
        if ((entity.Admitted != message.Run && !shard.Admits(message.Partition, message.Run!))
            || entity.State.End(message.Partition) < message.Previous)
        {
            return false;
        }

        entity.Admitted = message.Run;
        if (entity.State.End(message.Partition) <= message.Offset)
        {
            entity.State = entity.State.Apply(message.Partition, message.Offset);
            entity.IsDirty = true;
        }

        return true;
    }

    public void CrashEntity(int entity) => IsRefused |= !ShardOf(entity).TryCrash(entity);

    /// <summary>The entity whose state is on its way to the slot.</summary>
    public int? Asked(int shard) => _shards[shard]!.Asked;

    public void FlushStep(int shard) => IsRefused |= !_shards[shard]!.TryFlushStep(Progress);

    public bool Owns(int shard) => _shards[shard]!.IsOwner;

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

    // A node that owns its slot knows what the slot vouches for, and says no more.
    private string? DurableFault(int number)
    {
        var (vouched, shard, word) = (store[number].Manifest?.Durable ?? Marks.None, _shards[number]!, Word(number));
        if (!shard.IsOwner)
        {
            return null;
        }

        if (!vouched.Covers(shard.Durable))
        {
            return $"slot {number} vouches for less than its owner says";
        }

        for (var partition = 0; partition < ModelLog.Partitions; partition++)
        {
            var key = ModelStore.Partition(partition);
            if (word is not null && word.Stamp(key) == shard.Vouch.Stamp(key) && (word.Durable[key]?.Offset ?? 0) > (vouched[key]?.Offset ?? 0))
            {
                return $"a source goes by {word.Durable[key]} of partition {partition}, ahead of slot {number}";
            }
        }

        return null;
    }

    private ShardVouch? Word(int shard) => isDirect ? _shards[shard]?.Vouch : _words[shard];

    private RunProgress[] Progress() => isDirect
        ? [.. Enumerable.Range(0, ModelLog.Partitions).SelectMany(Confirmed)]
        : [.. _progress.OfType<RunProgress>()];

    private IEnumerable<RunProgress> Confirmed(int partition)
    {
        if (_runs[partition] is { } run)
        {
            yield return new(ModelStore.Partition(partition), new PartitionMark(run.Confirmed, 10 * run.Confirmed, 0), run.Basis);
        }
    }

    private ModelShard ShardOf(int entity) => _shards[ModelLog.ShardOf(entity)]!;
}
