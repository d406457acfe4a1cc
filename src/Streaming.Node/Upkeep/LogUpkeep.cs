using System.Collections.Immutable;
using Streaming.Engine;
using Streaming.Features.Plans;
using Streaming.Log;
using Streaming.Log.Embedded;
using Streaming.Log.Kafka;
using Streaming.Node.Settings;

namespace Streaming.Node.Upkeep;

/// <summary>
/// Keeps the log from growing for ever, and measures it, again and again while the node runs. Brokers delete by themselves: what their
/// topics are set to is compared once with what the features need.
/// </summary>
/// <param name="log">The log.</param>
/// <param name="settings">The embedded log's retention; how often to look, for either.</param>
/// <param name="holder">Names the state that is built from the log, the same after a restart.</param>
/// <param name="catalog">What is computed.</param>
/// <param name="futureTolerance">How far an event's time may be ahead of its record's timestamp.</param>
/// <param name="engine">How far the engine is.</param>
internal sealed class LogUpkeep(
    IEventLog log, RetentionSettings settings, string holder, FeatureCatalog catalog, TimeSpan futureTolerance, IEngineStatus engine)
{
    /// <summary>How long other processes keep records for this node after it was stopped.</summary>
    private static readonly TimeSpan s_holdFor = TimeSpan.FromDays(7);

    private readonly ImmutableSortedDictionary<string, SourceSpan> _spans = SourceSpan.Of(catalog);
    private readonly LogMeasure _measure = new(log);
    private readonly HashSet<string> _held = [];
    private volatile LogState? _state;
    private string? _failure;

    /// <summary>The log at the last look; null before the first.</summary>
    public LogState? State => _state;

    /// <summary>Works until cancelled.</summary>
    public async Task RunAsync(ILogger logger, TimeProvider clock, CancellationToken cancellation)
    {
        await AdviseAsync(logger, cancellation);
        using var timer = new PeriodicTimer(settings.CheckInterval, clock);
        do
        {
            try
            {
                await LookAsync(logger, cancellation);
                _failure = null;
            }
            catch (EventLogException failure)
            {
                if (_failure != failure.Message)
                {
                    UpkeepLog.Failed(logger, failure.Message.TrimEnd('.'));
                }

                _failure = failure.Message;
            }
        }
        while (await timer.WaitForNextTickAsync(cancellation));
    }

    private async Task AdviseAsync(ILogger logger, CancellationToken cancellation)
    {
        foreach (var span in log is KafkaEventLog ? _spans.Values : [])
        {
            try
            {
                if (await ((KafkaEventLog)log).RetentionAsync(span.Source, cancellation) is { } kept
                    && KafkaAdvice.Of(span, kept) is { } advice)
                {
                    UpkeepLog.KafkaKeepsTooLittle(logger, advice);
                }
            }
            catch (EventLogException)
            {
                // An outage is the sources' to report; brokers that do not tell their settings are no fault.
            }
        }
    }

    private async Task LookAsync(ILogger logger, CancellationToken cancellation)
    {
        var statuses = engine.Partitions.ToDictionary(status => status.Partition);
        if (log is not EmbeddedEventLog embedded)
        {
            var measured = await _measure.SizeAsync(statuses.Keys.Order(s_byName), cancellation);
            _state = new LogState(measured, [], ImmutableSortedDictionary<string, long>.Empty);
            return;
        }

        var needs = new RetentionNeeds(_spans, futureTolerance);
        var holds = RetentionNeeds.Holds(statuses.Values);
        var rules = new RetentionRules(
            holder, holds, s_holdFor, settings.Of, partition => needs.FloorOf(partition, statuses));
        var done = await embedded.RetainAsync(rules, cancellation);
        Report(logger, done);
        _state = new LogState(await embedded.SizeAsync(cancellation), done, Deleted(done));
    }

    private ImmutableSortedDictionary<string, long> Deleted(ImmutableArray<PartitionRetention> done)
    {
        var before = _state?.Deleted ?? ImmutableSortedDictionary<string, long>.Empty;
        return done.GroupBy(static part => part.Partition.Topic).Aggregate(
            before, static (all, topic) => all.SetItem(topic.Key, all.GetValueOrDefault(topic.Key) + topic.Sum(part => part.Deleted)));
    }

    private void Report(ILogger logger, ImmutableArray<PartitionRetention> done)
    {
        foreach (var topic in done.GroupBy(static part => part.Partition.Topic))
        {
            if (topic.Sum(static part => part.Deleted) is var deleted and > 0)
            {
                UpkeepLog.Deleted(logger, deleted, topic.Key, string.Join(", ", topic.Select(static part => part.FirstOffset)));
            }

            if (!topic.Any(static part => part.IsHeld))
            {
                _held.Remove(topic.Key);
            }
            else if (_held.Add(topic.Key))
            {
                UpkeepLog.Held(logger, topic.Key, ReasonOf(topic.Key));
            }
        }
    }

    private string ReasonOf(string topic) => _spans.GetValueOrDefault(topic) switch
    {
        null => "a consumer group has not committed them",
        { Millis: null } span => $"view {span.View} has a feature without a window, which counts all records",
        var span => $"what snapshots do not have yet, or what view {span.View} needs ({Hocon.Duration.Format(span.Millis!.Value)} with its "
            + "delay and a day), here or in another process",
    };

    private static readonly Comparer<TopicPartition> s_byName = Comparer<TopicPartition>.Create(static (a, b) =>
        string.CompareOrdinal(a.Topic, b.Topic) is var topics and not 0 ? topics : a.Partition.CompareTo(b.Partition));
}
