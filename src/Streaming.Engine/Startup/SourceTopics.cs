using System.Collections.Immutable;
using Streaming.Engine.Sources;
using Streaming.Log;

namespace Streaming.Engine.Startup;

/// <summary>The topics of an engine.</summary>
internal static class SourceTopics
{
    /// <summary>Creates the topics that are missing; existing ones keep their partitions.</summary>
    /// <returns>The number of partitions of each topic that has a source.</returns>
    public static async Task<ImmutableDictionary<string, int>> CreateAsync(
        IEventLog log, EngineSettings settings, ImmutableArray<SourcePlan> plans, CancellationToken cancellation)
    {
        var partitions = ImmutableDictionary.CreateBuilder<string, int>();
        foreach (var (topic, count) in settings.Partitions)
        {
            var description = await log.DescribeTopicAsync(topic, cancellation) ?? await log.CreateTopicAsync(topic, count, cancellation);
            if (plans.Any(plan => plan.Source.Name == topic))
            {
                partitions[topic] = description.Partitions;
            }
        }

        return partitions.ToImmutable();
    }
}
