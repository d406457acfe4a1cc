using System.Globalization;
using Prometheus;
using Streaming.Engine;
using Streaming.Features.Events;

namespace Streaming.Node;

/// <summary>What the engine knows of itself as metrics, brought up to date before each scrape.</summary>
internal static class EngineMetrics
{
    public static void Register(IMetricFactory metrics, CollectorRegistry registry, NodeParts parts)
    {
        var (store, engine, clock) = (parts.Store, parts.Engine, parts.Clock);
        var applied = metrics.CreateCounter("streaming_events_applied_total", "Events applied since the node started.", ["topic", "partition"]);
        var deadLettered = metrics.CreateCounter("streaming_dead_letters_total", "Events set aside with their reason since the node started.", ["topic", "partition"]);
        var lagEvents = metrics.CreateGauge("streaming_lag_events", "Events in the log that are not applied yet.", ["topic", "partition"]);
        var lagSeconds = metrics.CreateGauge(
            "streaming_lag_seconds", "How long ago the log took what a partition applied last, while there are events to apply, else 0.", ["topic", "partition"]);
        var lagEventTime = metrics.CreateGauge(
            "streaming_lag_event_time_seconds", "The clock minus the newest event time that a partition applied; below 0 where events come from the future.", ["topic", "partition"]);
        var paused = metrics.CreateGauge("streaming_partition_paused", "1 while a partition waits for something outside to come back.", ["topic", "partition"]);
        var entities = metrics.CreateGauge("streaming_entities", "Entities in memory.", ["entity"]);
        var stateBytes = metrics.CreateGauge("streaming_state_bytes", "Bytes of entity state in memory.", ["entity"]);
        var caughtUp = metrics.CreateGauge("streaming_caught_up", "1 while every partition is live, 0 while one catches up or is paused.");
        var ready = metrics.CreateGauge("streaming_ready", "1 once what the log held at the node's start is in memory, and that memory in order; an outage leaves it so.");
        registry.AddBeforeCollectCallback(() =>
        {
            caughtUp.Set(store.IsCaughtUp ? 1 : 0);
            ready.Set(parts.IsReady ? 1 : 0);
            foreach (var partition in engine.Partitions)
            {
                string[] labels = [partition.Partition.Topic, partition.Partition.Partition.ToString(CultureInfo.InvariantCulture)];
                applied.WithLabels(labels).IncTo(partition.Applied);
                deadLettered.WithLabels(labels).IncTo(partition.DeadLettered);
                lagEvents.WithLabels(labels).Set(Lag.Events(partition));
                lagSeconds.WithLabels(labels).Set(Lag.Time(partition, clock).TotalSeconds);
                if (Lag.EventTime(partition, clock) is { } lag)
                {
                    lagEventTime.WithLabels(labels).Set(lag.TotalSeconds);
                }

                paused.WithLabels(labels).Set(partition.State == PartitionState.Paused ? 1 : 0);
            }

            foreach (var entity in engine.Entities)
            {
                entities.WithLabels(entity.Entity).Set(entity.Count);
                stateBytes.WithLabels(entity.Entity).Set(entity.StateBytes);
            }
        });
    }
}

/// <summary>How far a partition is behind.</summary>
internal static class Lag
{
    /// <summary>Events in the log that are not applied yet.</summary>
    public static long Events(PartitionStatus partition) => Math.Max(0, partition.EndOffset - partition.NextOffset);

    /// <summary>
    /// How long ago the log took what was read last, while there are events to apply; zero where there are none, for then the last
    /// record may well be old. By the record's timestamp and not by event time: a label's is its transaction's, a week ago.
    /// </summary>
    public static TimeSpan Time(PartitionStatus partition, TimeProvider clock) =>
        Events(partition) > 0 && Since(partition.NewestTimestamp, clock) is { } time && time > TimeSpan.Zero ? time : TimeSpan.Zero;

    /// <summary>The clock minus the newest event time applied: below zero where events come from the future; null before the first.</summary>
    public static TimeSpan? EventTime(PartitionStatus partition, TimeProvider clock) => Since(partition.Watermark, clock);

    private static TimeSpan? Since(EventTime time, TimeProvider clock) =>
        time == Streaming.Features.Events.EventTime.None ? null : clock.GetUtcNow() - DateTimeOffset.UnixEpoch - TimeSpan.FromMilliseconds(time.Millis);
}
