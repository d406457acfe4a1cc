using System.Collections.Immutable;
using Streaming.Engine.Sources;
using Streaming.Log;

namespace Streaming.Engine.Startup;

/// <summary>The topics of an engine.</summary>
internal static class SourceTopics
{
    /// <summary>Creates the topics that are missing; existing ones keep their partitions.</summary>
    /// <returns>Each topic that has a source.</returns>
    public static async Task<ImmutableSortedDictionary<string, TopicDescription>> CreateAsync(
        IEventLog log, EngineSettings settings, ImmutableArray<SourcePlan> plans, CancellationToken cancellation)
    {
        var topics = ImmutableSortedDictionary.CreateBuilder<string, TopicDescription>(StringComparer.Ordinal);
        foreach (var (topic, count) in settings.Partitions)
        {
            var description = await log.DescribeTopicAsync(topic, cancellation) ?? await log.CreateTopicAsync(topic, count, cancellation);
            if (plans.Any(plan => plan.Source.Name == topic))
            {
                topics[topic] = description;
            }
        }

        return topics.ToImmutable();
    }
}
