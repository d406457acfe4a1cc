using Prometheus;

namespace Streaming.Node;

/// <summary>The engine's figures as metrics, updated before each scrape.</summary>
internal static class EngineMetrics
{
    public static void Register(IMetricFactory metrics, CollectorRegistry registry, NodeParts parts)
    {
        var partitions = new PartitionMetrics(metrics, parts.Clock);
        var memory = new MemoryMetrics(metrics);
        var log = new LogMetrics(metrics);
        var checkpoints = new CheckpointMetrics(metrics);
        var entities = metrics.CreateGauge("streaming_entities", "Entities in memory.", ["entity"]);
        var stateBytes = metrics.CreateGauge("streaming_state_bytes", "Bytes of entity state in memory.", ["entity"]);
        var caughtUp = metrics.CreateGauge(
            "streaming_caught_up",
            "1 while every partition is within streaming.engine.stale-events and stale-after of the end of the log, else 0.");
        var ready = metrics.CreateGauge(
            "streaming_ready",
            "1 once everything that the log held at the node's start is in memory and compacted; stays 1 in an outage.");
        registry.AddBeforeCollectCallback(() =>
        {
            caughtUp.Set(parts.Store.IsCaughtUp ? 1 : 0);
            ready.Set(parts.IsReady ? 1 : 0);
            log.Update(parts.Log());
            checkpoints.Update(parts.Engine.Shards);
            foreach (var partition in parts.Engine.Partitions)
            {
                partitions.Update(partition);
            }

            memory.Update(parts.Engine.Memory);
            foreach (var entity in parts.Engine.Entities)
            {
                entities.WithLabels(entity.Entity).Set(entity.Count);
                stateBytes.WithLabels(entity.Entity).Set(entity.StateBytes);
            }
        });
    }
}
