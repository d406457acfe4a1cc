using System.Globalization;
using Prometheus;
using Streaming.Node.Upkeep;

namespace Streaming.Node;

/// <summary>What the log holds, as metrics of its last look.</summary>
internal sealed class LogMetrics(IMetricFactory metrics)
{
    private static readonly string[] s_topic = ["topic"];

    private readonly Gauge _disk = metrics.CreateGauge("streaming_log_disk_bytes", "The embedded log's files; none with Kafka.");

    private readonly Gauge _free = metrics.CreateGauge(
        "streaming_log_free_bytes", "What of the embedded log's files is free for the next records; none with Kafka.");

    private readonly Gauge _bytes = metrics.CreateGauge(
        "streaming_log_bytes", "Bytes of a topic's records in the embedded log; none with Kafka.", s_topic);

    private readonly Gauge _records = metrics.CreateGauge("streaming_log_records", "Records of a topic that the log keeps.", s_topic);

    private readonly Gauge _oldest = metrics.CreateGauge(
        "streaming_log_oldest_timestamp_seconds", "The timestamp of a topic's oldest record in the log, in seconds since 1970.", s_topic);

    private readonly Gauge _first = metrics.CreateGauge(
        "streaming_log_first_offset", "The first offset of a partition that the log keeps.", ["topic", "partition"]);

    private readonly Counter _deleted = metrics.CreateCounter(
        "streaming_log_deleted_total", "Records that this node's retention deleted from the embedded log since the node started.", s_topic);

    private readonly Gauge _held = metrics.CreateGauge(
        "streaming_log_retention_held",
        "1 while a topic is over its limits of retention, because its records are still needed, else 0.",
        s_topic);

    public void Update(LogState? state)
    {
        if (state is null)
        {
            return;
        }

        _disk.Set(state.Size.DiskBytes ?? 0);
        _free.Set(state.Size.FreeBytes ?? 0);
        foreach (var topic in state.Size.Partitions.GroupBy(static part => part.Partition.Topic))
        {
            _bytes.WithLabels(topic.Key).Set(topic.Sum(static part => part.Bytes ?? 0));
            _records.WithLabels(topic.Key).Set(topic.Sum(static part => part.Records));
            if (topic.Min(static part => part.FirstMillis) is { } oldest)
            {
                _oldest.WithLabels(topic.Key).Set(oldest / 1000.0);
            }

            foreach (var part in topic)
            {
                _first.WithLabels(topic.Key, part.Partition.Partition.ToString(CultureInfo.InvariantCulture)).Set(part.FirstOffset);
            }
        }

        foreach (var topic in state.Retention.GroupBy(static part => part.Partition.Topic))
        {
            _deleted.WithLabels(topic.Key).IncTo(state.Deleted.GetValueOrDefault(topic.Key));
            _held.WithLabels(topic.Key).Set(topic.Any(static part => part.IsHeld) ? 1 : 0);
        }
    }
}
