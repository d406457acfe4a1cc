using Streaming.Features.Plans;
using Streaming.Hocon;
using Streaming.Log.Kafka;

namespace Streaming.Node.Upkeep;

/// <summary>Says where the brokers keep less of a topic than its features need to be built again. Pure.</summary>
internal static class KafkaAdvice
{
    /// <summary>One line that names the topic, both values and the remedy; null where nothing is wrong.</summary>
    public static string? Of(SourceSpan span, KafkaRetention kept)
    {
        List<(string Fault, string Remedy)> faults = [];
        if (kept.Millis is { } millis && (span.Millis is not { } needed || millis < needed))
        {
            faults.Add((
                $"the brokers delete records after {Duration.Format(millis)} (retention.ms={millis})",
                span.Millis is { } least ? $"retention.ms=-1, or {least} at least" : "retention.ms=-1"));
        }

        if (kept.Bytes is { } bytes)
        {
            faults.Add((
                $"the brokers keep {bytes} bytes of a partition (retention.bytes={bytes}), however old they are", "retention.bytes=-1"));
        }

        if (kept.IsCompacted)
        {
            faults.Add(("the brokers keep one record of each key (cleanup.policy has compact)", "cleanup.policy=delete"));
        }

        return faults.Count == 0 ? null
            : $"topic {span.Source}: {string.Join("; ", faults.Select(fault => fault.Fault))}, and its features need {Needed(span)}: a "
            + "node that loses its snapshots could not build them again. Set " + string.Join(", ", faults.Select(fault => fault.Remedy))
            + $" (kafka-configs --alter --entity-type topics --entity-name {span.Source} --add-config ...)";
    }

    private static string Needed(SourceSpan span) => span.Millis is { } millis
        ? $"{Duration.Format(millis)} (view {span.View}: its longest window, its delay, a day, and its topic's horizon)"
        : $"all records (view {span.View} has a feature without a window)";
}
