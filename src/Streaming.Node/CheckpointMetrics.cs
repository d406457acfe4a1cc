using Prometheus;
using Streaming.Engine;

namespace Streaming.Node;

/// <summary>The checkpoints as metrics, for each entity type.</summary>
internal sealed class CheckpointMetrics(IMetricFactory metrics)
{
    private static readonly string[] s_labels = ["entity"];

    private readonly Gauge _open = metrics.CreateGauge(
        "streaming_shards_open", "Shards whose slot in the store of snapshots is taken.", s_labels);

    private readonly Gauge _age = metrics.CreateGauge(
        "streaming_checkpoint_age_seconds",
        "How long ago the shard that is furthest behind had all in snapshots that was confirmed; since the node's start before that.",
        s_labels);

    private readonly Gauge _duration = metrics.CreateGauge(
        "streaming_checkpoint_duration_seconds", "How long the slowest of the shards' last flushes took.", s_labels);

    private readonly Counter _entities = metrics.CreateCounter(
        "streaming_checkpoint_entities_total", "Snapshots written since the node started.", s_labels);

    private readonly Counter _bytes = metrics.CreateCounter(
        "streaming_checkpoint_bytes_total", "Bytes of the snapshots written since the node started.", s_labels);

    private readonly Gauge _dirty = metrics.CreateGauge(
        "streaming_dirty_entities", "Entities that have changed since their last snapshot.", s_labels);

    private readonly long _started = TimeProvider.System.GetTimestamp();

    public void Update(IReadOnlyList<ShardStatus> shards)
    {
        var sinceStart = TimeProvider.System.GetElapsedTime(_started);
        foreach (var type in shards.GroupBy(static shard => shard.Entity))
        {
            _open.WithLabels(type.Key).Set(type.Count(static shard => shard.IsOpen));
            _age.WithLabels(type.Key).Set(type.Max(shard => shard.Age ?? sinceStart).TotalSeconds);
            _duration.WithLabels(type.Key).Set(type.Max(static shard => shard.Duration ?? TimeSpan.Zero).TotalSeconds);
            _entities.WithLabels(type.Key).IncTo(type.Sum(static shard => shard.Entities));
            _bytes.WithLabels(type.Key).IncTo(type.Sum(static shard => shard.Bytes));
            _dirty.WithLabels(type.Key).Set(type.Sum(static shard => shard.Dirty));
        }
    }
}
