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
        var applied = metrics.CreateCounter(
            "streaming_events_applied_total", "Events applied since the node started.", ["topic", "partition"]);
        var deadLettered = metrics.CreateCounter(
            "streaming_dead_letters_total", "Events set aside with their reason since the node started.", ["topic", "partition"]);
        var late = metrics.CreateCounter(
            "streaming_late_events_total",
            "Events that were older than what their entity keeps, since the node started; one that is late for two entities counts twice.",
            ["topic", "partition"]);
        var ahead = metrics.CreateCounter(
            "streaming_events_ahead_of_clock_total",
            "Events that were ahead of the node's clock by more than streaming.engine.future-tolerance: a producer's clock is ahead.",
            ["topic", "partition"]);
        var unexpected = metrics.CreateCounter(
            "streaming_unexpected_failures_total",
            "Events set aside for failures that nothing foresaw; each is a fault of this program.",
            ["topic", "partition"]);
        var commitFailures = metrics.CreateCounter(
            "streaming_commit_failures_total", "Commits of offsets that failed; features do not depend on them.", ["topic", "partition"]);
        var lagEvents = metrics.CreateGauge("streaming_lag_events", "Events in the log that are not applied yet.", ["topic", "partition"]);
        var heldBack = metrics.CreateGauge(
            "streaming_held_back_events",
            "Offsets in the log that nobody can read yet, for a transaction before them is not ended.",
            ["topic", "partition"]);
        var lagSeconds = metrics.CreateGauge(
            "streaming_lag_seconds",
            "How long ago the log took what a partition applied last, while there are events to apply, else 0.",
            ["topic", "partition"]);
        var lagEventTime = metrics.CreateGauge(
            "streaming_lag_event_time_seconds",
            "The clock minus the newest event time that a partition applied; below 0 where events come from the future.",
            ["topic", "partition"]);
        var paused = metrics.CreateGauge(
            "streaming_partition_paused", "1 while a partition waits for something outside to come back.", ["topic", "partition"]);
        var entities = metrics.CreateGauge("streaming_entities", "Entities in memory.", ["entity"]);
        var stateBytes = metrics.CreateGauge("streaming_state_bytes", "Bytes of entity state in memory.", ["entity"]);
        var caughtUp = metrics.CreateGauge(
            "streaming_caught_up",
            "1 while every partition is as new as the log within streaming.engine.stale-events and stale-after, else 0.");
        var ready = metrics.CreateGauge(
            "streaming_ready",
            "1 once what the log held at the node's start is in memory, and that memory in order; an outage leaves it so.");
        registry.AddBeforeCollectCallback(() =>
        {
            caughtUp.Set(store.IsCaughtUp ? 1 : 0);
            ready.Set(parts.IsReady ? 1 : 0);
            foreach (var partition in engine.Partitions)
            {
                string[] labels = [partition.Partition.Topic, partition.Partition.Partition.ToString(CultureInfo.InvariantCulture)];
                applied.WithLabels(labels).IncTo(partition.Applied);
                deadLettered.WithLabels(labels).IncTo(partition.DeadLettered);
                late.WithLabels(labels).IncTo(partition.Late);
                ahead.WithLabels(labels).IncTo(partition.AheadOfClock);
                unexpected.WithLabels(labels).IncTo(partition.Unexpected);
                commitFailures.WithLabels(labels).IncTo(partition.CommitFailures);
                lagEvents.WithLabels(labels).Set(Lag.Events(partition));
                heldBack.WithLabels(labels).Set(partition.HeldBack);
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

    /// <summary>
    /// The clock minus the newest event time applied: below zero where events come from the future; null before the first.
    /// </summary>
    public static TimeSpan? EventTime(PartitionStatus partition, TimeProvider clock) => Since(partition.Watermark, clock);

    private static TimeSpan? Since(EventTime time, TimeProvider clock) =>
        time == Streaming.Features.Events.EventTime.None
            ? null
            : clock.GetUtcNow() - DateTimeOffset.UnixEpoch - TimeSpan.FromMilliseconds(time.Millis);
}
