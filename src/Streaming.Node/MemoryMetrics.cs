using Prometheus;
using Streaming.Engine;

namespace Streaming.Node;

/// <summary>What is in memory, against its ceiling, as metrics.</summary>
internal sealed class MemoryMetrics(IMetricFactory metrics)
{
    private readonly Gauge _bytes = metrics.CreateGauge("streaming_memory_bytes", "Bytes that entities take in memory, estimated.");
    private readonly Gauge _bytesMax = metrics.CreateGauge("streaming_memory_bytes_max", "The ceiling of streaming_memory_bytes.");
    private readonly Gauge _entities = metrics.CreateGauge("streaming_memory_entities", "Entities in memory, of all types.");
    private readonly Gauge _entitiesMax = metrics.CreateGauge("streaming_memory_entities_max", "The ceiling of streaming_memory_entities.");
    private readonly Gauge _waiting = metrics.CreateGauge(
        "streaming_memory_waiting_partitions", "Partitions that wait for room in memory.");

    private readonly Counter _left = metrics.CreateCounter(
        "streaming_entities_left_total", "Entities that have left memory for the store of snapshots.");

    private readonly Counter _recalled = metrics.CreateCounter(
        "streaming_entities_recalled_total", "Entities that were read in the store of snapshots and came back to memory.");

    private readonly Counter _forgotten = metrics.CreateCounter(
        "streaming_entities_forgotten_total", "Entities whose states could matter no more, deleted from memory and store.");

    public void Update(EntityMemory memory)
    {
        _bytes.Set(memory.Bytes);
        _bytesMax.Set(memory.BytesMax);
        _entities.Set(memory.Entities);
        _entitiesMax.Set(memory.EntitiesMax);
        _waiting.Set(memory.WaitingSources);
        _left.IncTo(memory.Left);
        _recalled.IncTo(memory.Recalled);
        _forgotten.IncTo(memory.Forgotten);
    }
}
