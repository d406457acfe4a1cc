using System.Collections.Immutable;
using Streaming.Contracts.Schemas;
using Streaming.Ingest.DeadLetters;
using Streaming.Log.Embedded;

namespace Streaming.Node.Settings;

/// <summary>The keys under <c>streaming.log.embedded.retention</c>.</summary>
/// <param name="Limits">Of a topic that has none of its own.</param>
/// <param name="Topics">Of the topics that have.</param>
/// <param name="CheckInterval">How often to look.</param>
public sealed record RetentionSettings(
    RetentionLimits Limits, ImmutableSortedDictionary<string, RetentionLimits> Topics, TimeSpan CheckInterval)
{
    private const string Section = "streaming.log.embedded.retention";
    private const string Time = "time";
    private const string Bytes = "bytes";

    // All that this build writes to a log.
    private static readonly ImmutableSortedSet<string> s_topics = [.. EventSchemas.ByTopic.Keys, ReplayLedger.Topic];

    /// <summary>The limits of a topic.</summary>
    public RetentionLimits Of(string topic) => Topics.GetValueOrDefault(topic, Limits);

    internal static RetentionSettings Read(SettingsReader reader)
    {
        var limits = new RetentionLimits(reader.TimeLimit($"{Section}.{Time}"), reader.BytesLimit($"{Section}.{Bytes}"));
        var topics = ImmutableSortedDictionary.CreateBuilder<string, RetentionLimits>(StringComparer.Ordinal);
        foreach (var free in reader.Free($"{Section}.topics").ToArray())
        {
            var dot = free.Name.LastIndexOf('.');
            var topic = free.Name[..Math.Max(dot, 0)];
            if (topic.Length > 0 && !s_topics.Contains(topic))
            {
                reader.Report(SettingsDiagnostics.UnknownTopic(free.Position, free.Key, topic, s_topics));
            }
            else if (topic.Length > 0 && With(reader, topics.GetValueOrDefault(topic, limits), free, free.Name[(dot + 1)..]) is { } own)
            {
                topics[topic] = own;
            }
            else if (topic.Length == 0)
            {
                reader.Report(SettingsDiagnostics.Unknown(free.Position, free.Key, $"{free.Key}.{Time}"));
            }
        }

        var interval = reader.Duration($"{Section}.check-interval", TimeSpan.FromMilliseconds(10), TimeSpan.FromDays(1));
        return new RetentionSettings(limits, topics.ToImmutable(), interval);
    }

    private static RetentionLimits? With(SettingsReader reader, RetentionLimits limits, FreeSetting free, string kind)
    {
        switch (kind)
        {
            case Time when LimitText.TryTime(free.Setting.Text, out var time):
                return limits with { Time = time };
            case Bytes when LimitText.TryBytes(free.Setting.Text, out var bytes):
                return limits with { Bytes = bytes };
            case Time or Bytes:
                var expected = kind == Time ? LimitText.TimeExpected : LimitText.BytesExpected;
                reader.Report(SettingsDiagnostics.Wrong(free.Setting, free.Key, expected));
                return null;
            default:
                var nearest = $"{free.Key[..^kind.Length]}{(kind.StartsWith('b') ? Bytes : Time)}";
                reader.Report(SettingsDiagnostics.Unknown(free.Position, free.Key, nearest));
                return null;
        }
    }
}
