using System.Collections.Concurrent;
using System.Collections.Immutable;
using Streaming.Contracts.Registry;
using Streaming.Contracts.Schemas;

namespace Streaming.Ingest;

/// <summary>
/// Registers the schemas that this build writes, and remembers their ids, which every writer of events takes from here.
/// The first call registers all of them, so that an embedded registry in a new directory knows the ids in the log's events. Thread-safe.
/// </summary>
public sealed class ShippedSchemas(ISchemaRegistry registry)
{
    private static readonly ImmutableArray<string> s_topics =
        [EventSchemas.DeadLetters, EventSchemas.Transactions, EventSchemas.Clicks, EventSchemas.Labels, EventSchemas.Scores];

    private readonly ConcurrentDictionary<string, int> _ids = [];

    /// <summary>The id of the schema of a topic's values. If the registry does not answer, the next call tries again.</summary>
    public async ValueTask<RegistryResult<int>> RegisterAsync(string topic, CancellationToken cancellation)
    {
        if (_ids.TryGetValue(topic, out var id))
        {
            return new RegistryResult<int>.Found(id);
        }

        RegistryResult<int> answer = new RegistryResult<int>.NotFound(EventSchemas.SubjectOf(topic));
        foreach (var each in s_topics)
        {
            var result = await registry.RegisterAsync(EventSchemas.SubjectOf(each), EventSchemas.ByTopic[each], cancellation);
            if (result is RegistryResult<int>.Found found)
            {
                _ids[each] = found.Value;
            }

            if (each == topic)
            {
                answer = result;
            }

            if (result is RegistryResult<int>.Unavailable)
            {
                return answer is RegistryResult<int>.NotFound ? result : answer;
            }
        }

        return answer;
    }

    /// <summary>As <see cref="RegisterAsync"/>, for callers that cannot go on without.</summary>
    /// <exception cref="IngestException">The registry refuses the schema or does not answer.</exception>
    public async ValueTask<int> RequireAsync(string topic, CancellationToken cancellation)
    {
        return await RegisterAsync(topic, cancellation) switch
        {
            RegistryResult<int>.Found found => found.Value,
            RegistryResult<int>.Unavailable away => throw new IngestException(
                IngestFailure.RegistryAway, $"the schema registry does not answer: {away.Reason}"),
            var refused => throw new IngestException(
                IngestFailure.SchemaRefused, $"the registry refuses the schema of {EventSchemas.SubjectOf(topic)}: {ReasonOf(refused)}"),
        };
    }

    /// <summary>What a registry that does not have the schema says; null when it has it.</summary>
    public static string? ReasonOf(RegistryResult<int> result) => result switch
    {
        RegistryResult<int>.Found => null,
        RegistryResult<int>.Unavailable away => away.Reason,
        RegistryResult<int>.Rejected refused => refused.Detail,
        _ => "the schema registry does not know the subject",
    };
}
