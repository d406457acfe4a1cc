namespace Streaming.Engine.Tests.Checkpoints;

/// <summary>
/// One history of the protocol, chosen by a seed: a log, slots, and nodes of which the newest owns them; the others do not know it yet.
/// </summary>
internal sealed class CheckpointModel
{
    private const int NodesMax = 3;

    // Without faults at first: only a slot that vouches for something can break its word.
    private const int CalmSteps = 60;
    private const int HarmKinds = 13;

    // At most, of: an event, a delivery, a message, a step of a flush, a fault.
    private static readonly int[] s_weights = [6, 12, 30, 30, 6];
    private readonly ModelLog _log = new();
    private readonly ModelStore _store;
    private readonly ModelTwin _twin;
    private readonly List<ModelNode> _nodes = [];
    private readonly Random _random;

    // A seed has its own mixture of actions, and its own few faults: some faults only show where others do not end the node first.
    private readonly int[] _weights;
    private readonly int[] _harms;

    private CheckpointModel(int seed, ModelTwin twin)
    {
        (_random, _twin, _store) = (new(seed), twin, new(twin));
        _weights = [.. s_weights.Select(most => _random.Next(1, most))];
        _harms = [.. Enumerable.Range(0, 4).Select(_ => _random.Next(HarmKinds))];
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
            _nodes.Add(new(_log, _store, _twin));
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
        }

        _nodes.RemoveAll(static one => one.IsRefused);
    }

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
            var at = _random.Next(2) * _random.Next(node.InFlight.Count);
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
            case 0 or 1:
                node.CrashEntity(_random.Next(ModelLog.Entities));
                break;
            case 2:
                _nodes.Remove(node);
                break;
            case 3 when _nodes.Count < NodesMax:
                _nodes.Add(new(_log, _store, _twin));
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
                _store.Lose(shard, _random.Next(1, 5));
                node.Reopen(shard);
                break;
            case 11:
                _store.Lose(shard, _random.Next(1, 5));
                node.CrashEntity(shard + (ModelLog.Shards * _random.Next(ModelLog.Entities / ModelLog.Shards)));
                break;
            case 12 when _nodes.Count < NodesMax - 1:
                // A failover between two that take a slot: the first taking is lost.
                _nodes.AddRange([new(_log, _store, _twin), new(_log, _store, _twin)]);
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
            var node = _nodes.Count > 0 ? _nodes[^1] : new(_log, _store, _twin);
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
        for (var partition = 0; partition < ModelLog.Partitions; partition++)
        {
            node.BeginRun(partition);
            while (node.TryDeliver(partition) || node.InFlight.Count > 0)
            {
                if (node.InFlight.Count > 0)
                {
                    node.Receive(node.InFlight[0]);
                    node.InFlight.RemoveAt(0);
                }
            }
        }

        for (var step = 0; step < 50 && !node.IsRefused; step++)
        {
            node.FlushStep(step % ModelLog.Shards);
        }

        return node.Fault() ?? Fault() ?? Enumerable.Range(0, ModelLog.Entities).Select(entity => Missing(node, entity))
            .FirstOrDefault(static fault => fault is not null);
    }

    private string? Missing(ModelNode node, int entity)
    {
        var state = node.Read(entity);
        return Enumerable.Range(0, ModelLog.Partitions)
            .All(partition => state.Events(partition) == _log.Fold(partition, entity, _log.End(partition)))
            ? null
            : $"entity {entity} has not all events: {state}";
    }
}
