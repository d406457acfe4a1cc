using System.Globalization;
using Prometheus;
using Streaming.Engine;
using Streaming.Features.Events;

namespace Streaming.Node;

/// <summary>The metrics that each partition has, labelled by topic and partition.</summary>
internal sealed class PartitionMetrics(IMetricFactory metrics, TimeProvider clock)
{
    private static readonly string[] s_labels = ["topic", "partition"];

    private readonly Counter _applied = metrics.CreateCounter(
        "streaming_events_applied_total", "Events applied since the node started.", s_labels);

    private readonly Counter _deadLettered = metrics.CreateCounter(
        "streaming_dead_letters_total", "Events written to dead-letters since the node started.", s_labels);

    private readonly Counter _late = metrics.CreateCounter(
        "streaming_late_events_total",
        "Events that were older than what their entity keeps, since the node started; " +
        "an event that is late for two entities counts twice.",
        s_labels);

    private readonly Counter _duplicates = metrics.CreateCounter(
        "streaming_duplicate_events_total",
        "Events that their entity had before, within the horizon of their topic, and that were not applied again, since the node " +
        "started; an event that two entities had counts twice.",
        s_labels);

    private readonly Counter _ahead = metrics.CreateCounter(
        "streaming_events_ahead_of_clock_total",
        "Events that were ahead of the node's clock by more than a minute: a producer's clock is ahead.",
        s_labels);

    private readonly Counter _unexpected = metrics.CreateCounter(
        "streaming_unexpected_failures_total",
        "Events set aside because of an unexpected exception; each is a bug of this program.",
        s_labels);

    private readonly Counter _commitFailures = metrics.CreateCounter(
        "streaming_commit_failures_total", "Commits of offsets that failed; features do not depend on them.", s_labels);

    private readonly Gauge _lagEvents = metrics.CreateGauge(
        "streaming_lag_events", "Events in the log that are not applied yet.", s_labels);

    private readonly Gauge _heldBack = metrics.CreateGauge(
        "streaming_held_back_events",
        "Offsets in the log that cannot be read yet, because a transaction before them is still open.",
        s_labels);

    private readonly Gauge _lagSeconds = metrics.CreateGauge(
        "streaming_lag_seconds",
        "How long ago the log took the event that a partition applied last; 0 when there is nothing left to apply.",
        s_labels);

    private readonly Gauge _lagEventTime = metrics.CreateGauge(
        "streaming_lag_event_time_seconds",
        "The clock minus the newest event time that a partition applied; below 0 if events are ahead of the clock.",
        s_labels);

    private readonly Gauge _restart = metrics.CreateGauge(
        "streaming_restart_offset", "Where a restart begins to read a partition: all before it is in snapshots.", s_labels);

    private readonly Gauge _reread = metrics.CreateGauge(
        "streaming_restart_events", "Events that are applied and not in every snapshot yet: a restart reads them again.", s_labels);

    private readonly Gauge _short = metrics.CreateGauge(
        "streaming_history_short",
        "1 while features were built from a log that begins later than their windows reach, because retention took what was before.",
        s_labels);

    private readonly Gauge _paused = metrics.CreateGauge(
        "streaming_partition_paused", "1 while a partition waits for the log, the schema registry or another service.", s_labels);

    public void Update(PartitionStatus partition)
    {
        string[] labels = [partition.Partition.Topic, partition.Partition.Partition.ToString(CultureInfo.InvariantCulture)];
        _applied.WithLabels(labels).IncTo(partition.Applied);
        _deadLettered.WithLabels(labels).IncTo(partition.DeadLettered);
        _late.WithLabels(labels).IncTo(partition.Late);
        _duplicates.WithLabels(labels).IncTo(partition.Duplicates);
        _ahead.WithLabels(labels).IncTo(partition.AheadOfClock);
        _unexpected.WithLabels(labels).IncTo(partition.Unexpected);
        _commitFailures.WithLabels(labels).IncTo(partition.CommitFailures);
        _lagEvents.WithLabels(labels).Set(Lag.Events(partition));
        _heldBack.WithLabels(labels).Set(partition.HeldBack);
        _lagSeconds.WithLabels(labels).Set(Lag.Time(partition, clock).TotalSeconds);
        if (Lag.EventTime(partition, clock) is { } lag)
        {
            _lagEventTime.WithLabels(labels).Set(lag.TotalSeconds);
        }

        _restart.WithLabels(labels).Set(partition.RestartOffset);
        _reread.WithLabels(labels).Set(Math.Max(0, partition.NextOffset - partition.RestartOffset));
        _short.WithLabels(labels).Set(partition.HistoryFrom == EventTime.None ? 0 : 1);
        _paused.WithLabels(labels).Set(partition.State == PartitionState.Paused ? 1 : 0);
    }
}
