namespace Streaming.Engine.Tests.Checkpoints;

/// <summary>
/// One history of the protocol, chosen by a seed: a log, slots, and nodes of which the newest owns them; the others do not know it yet.
/// </summary>
internal sealed class CheckpointModel
{
    private const int NodesMax = 3;

    // Without faults at first: only a slot that vouches for something can break its word.
    private const int CalmSteps = 60;
    private const int HarmKinds = 14;

    // At most, of: an event, a delivery, a message, a step of a flush, a fault, a word of keepers and sources to each other.
    private static readonly int[] s_weights = [6, 12, 30, 30, 6, 8];
    private readonly ModelLog _log = new();
    private readonly ModelStore _store;
    private readonly ModelTwin _twin;
    private readonly List<ModelNode> _nodes = [];
    private readonly Random _random;
    private readonly bool _isDirect;

    // A seed has its own mixture of actions, and its own few faults: some faults only show where others do not end the node first.
    private readonly int[] _weights;
    private readonly int[] _harms;

    // How many of these a seed has: the oldest message moves, any one does, the newest one does.
    private readonly int _orders;

    private CheckpointModel(int seed, ModelTwin twin)
    {
        (_random, _twin, _store, _isDirect) = (new(seed), twin, new(twin), seed % 2 == 0);
        _weights = [.. s_weights.Select(most => _random.Next(1, most))];
        _harms = [.. Enumerable.Range(0, _random.Next(1, 5)).Select(_ => _random.Next(HarmKinds))];
        _orders = _random.Next(2, 4);
    }

    /// <summary>The first thing that went wrong; null for nothing.</summary>
    public static string? Run(int seed, int steps, ModelTwin twin)
    {
        var model = new CheckpointModel(seed, twin);
        for (var step = 0; step < steps; step++)
        {
            model.Step(isCalm: step < CalmSteps);
            if (model.Fault() is { } fault)
            {
                return $"seed {seed}, step {step}: {fault}";
            }
        }

        return model.Settle() is { } end ? $"seed {seed}, at the end: {end}" : null;
    }

    private void Step(bool isCalm)
    {
        if (_nodes.Count == 0)
        {
            _nodes.Add(NewNode());
        }

        // The newest node most of the time.
        var node = _random.Next(4) == 0 ? _nodes[_random.Next(_nodes.Count)] : _nodes[^1];
        if (!node.IsOpen)
        {
            node.OpenNext();
            return;
        }

        switch (Action())
        {
            case 0:
                _log.Append(_random.Next(ModelLog.Partitions), _random.Next(ModelLog.Entities));
                break;
            case 1:
                node.TryDeliver(_random.Next(ModelLog.Partitions));
                break;
            case 2:
                Move(node);
                break;
            case 3:
                node.FlushStep(_random.Next(ModelLog.Shards));
                break;
            case 4 when !isCalm:
                Harm(node);
                break;
            case 5:
                node.Tell(_random.Next(ModelLog.Shards), _random.Next(ModelLog.Partitions));
                break;
        }

        _nodes.RemoveAll(static one => one.IsRefused);
    }

    private ModelNode NewNode() => new(_log, _store, _twin, _isDirect);

    private int Action()
    {
        var (at, action) = (_random.Next(_weights.Sum()), 0);
        while (at >= _weights[action])
        {
            at -= _weights[action++];
        }

        return action;
    }

    // Whichever is chosen: messages overtake each other. Some are lost, some come twice.
    private void Move(ModelNode node)
    {
        if (node.InFlight.Count > 0)
        {
            var at = _random.Next(_orders) switch
            {
                0 => 0,
                1 => _random.Next(node.InFlight.Count),
                _ => node.InFlight.Count - 1,
            };
            var (message, fate) = (node.InFlight[at], _random.Next(20));
            if (fate != 0)
            {
                node.InFlight.RemoveAt(at);
            }

            if (fate != 1)
            {
                node.Receive(message);
            }
        }
    }

    private void Harm(ModelNode node)
    {
        var shard = _random.Next(ModelLog.Shards);
        switch (_harms[_random.Next(_harms.Length)])
        {
            case 0:
                node.CrashEntity(_random.Next(ModelLog.Entities));
                break;
            case 1:
                node.CrashEntity(node.Asked(shard) ?? shard);
                break;
            case 2:
                _nodes.Remove(node);
                break;
            case 3 when _nodes.Count < NodesMax:
                _nodes.Add(NewNode());
                break;
            case 4 or 5:
                node.Reopen(shard);
                break;
            case 6:
                _store.Damage(_random.Next(ModelLog.Entities));
                break;
            case 7:
                node.BeginRun(_random.Next(ModelLog.Partitions));
                break;
            case var kind:
                HarmStore(node, shard, kind);
                break;
        }
    }

    private void HarmStore(ModelNode node, int shard, int kind)
    {
        switch (kind)
        {
            case 8:
                _store.Lose(shard, _random.Next(1, 5));
                break;
            case 9 when _random.Next(4) == 0:
                _store.Lose(shard, _random.Next(_store.WritesOf(shard)));
                break;
            case 10:
                node.Remember(shard);
                _store.Lose(shard, _random.Next(1, 5));
                node.Reopen(shard);
                break;
            case 13:
                node.TellAgain(shard, _random);
                break;
            case 11:
                _store.Lose(shard, _random.Next(1, 5));
                node.CrashEntity(shard + (ModelLog.Shards * _random.Next(ModelLog.Entities / ModelLog.Shards)));
                break;
            case 12 when _nodes.Count < NodesMax - 1:
                // A failover between two that take a slot: the first taking is lost.
                _nodes.AddRange([NewNode(), NewNode()]);
                _nodes[^2].OpenAll();
                _store.Lose(shard, 1);
                _nodes[^1].OpenAll();
                break;
        }
    }

    private string? Fault()
    {
        for (var shard = 0; shard < ModelLog.Shards; shard++)
        {
            if (_store.Fault(_log, shard) is { } fault)
            {
                return fault;
            }
        }

        return _nodes.Select(static node => node.Fault()).FirstOrDefault(static fault => fault is not null);
    }

    // Faults are over: the newest node reads everything and flushes, and so does one that starts after it.
    private string? Settle()
    {
        for (var left = 2; left > 0;)
        {
            var node = _nodes.Count > 0 ? _nodes[^1] : NewNode();
            _nodes.Clear();
            var fault = Pump(node);
            if (node.IsRefused)
            {
                continue;
            }

            if (fault is not null)
            {
                return fault;
            }

            left--;
        }

        return null;
    }

    private string? Pump(ModelNode node)
    {
        node.OpenAll();
        node.InFlight.Clear();
        for (var step = 0; step < 200 && !node.IsRefused; step++)
        {
            if (step % 20 == 0)
            {
                Exchange(node);
                DeliverAll(node);
                Exchange(node);
            }

            node.FlushStep(step % ModelLog.Shards);
        }

        return node.Fault() ?? Fault() ?? (node.IsRefused ? null : Unfinished(node));
    }

    private static void Exchange(ModelNode node)
    {
        for (var each = 0; each < ModelLog.Shards; each++)
        {
            node.Tell(each, each);
        }

        ReceiveAll(node);
    }

    private static void DeliverAll(ModelNode node)
    {
        for (var partition = 0; partition < ModelLog.Partitions; partition++)
        {
            while (node.TryDeliver(partition))
            {
                ReceiveAll(node);
            }
        }
    }

    private static void ReceiveAll(ModelNode node)
    {
        while (node.InFlight.Count > 0)
        {
            var message = node.InFlight[0];
            node.InFlight.RemoveAt(0);
            node.Receive(message);
        }
    }

    // Every entity has all, and so has every slot whose last writes were not lost: that shows at the next write.
    private string? Unfinished(ModelNode node) => Enumerable.Range(0, ModelLog.Entities).Select(entity => Missing(node, entity))
        .Concat(from shard in Enumerable.Range(0, ModelLog.Shards)
                where node.Owns(shard)
                from partition in Enumerable.Range(0, ModelLog.Partitions)
                let durable = _store[shard].Manifest?.Durable[ModelStore.Partition(partition)]?.Offset ?? 0
                where durable < _log.End(partition)
                select $"slot {shard} vouches for {durable} of {_log.End(partition)} events of partition {partition}")
        .FirstOrDefault(static fault => fault is not null);

    private string? Missing(ModelNode node, int entity)
    {
        var state = node.Read(entity);
        return Enumerable.Range(0, ModelLog.Partitions)
            .All(partition => state.Events(partition) == _log.Fold(partition, entity, _log.End(partition)))
            ? null
            : $"entity {entity} has not all events: {state}";
    }
}
