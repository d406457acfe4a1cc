using System.Collections.Concurrent;
using Streaming.Contracts.Registry;
using Streaming.Contracts.Schemas;

namespace Streaming.Ingest;

/// <summary>
/// Registers the schemas that this build writes, and knows their ids from then on. Whoever writes events takes the ids from here.
/// A registry that is away is asked again by the next call. Thread-safe.
/// </summary>
public sealed class ShippedSchemas(ISchemaRegistry registry)
{
    private readonly ConcurrentDictionary<string, int> _ids = [];

    /// <summary>The id of the schema of a topic's values, registered unless it is.</summary>
    public async ValueTask<RegistryResult<int>> RegisterAsync(string topic, CancellationToken cancellation)
    {
        if (_ids.TryGetValue(topic, out var id))
        {
            return new RegistryResult<int>.Found(id);
        }

        var result = await registry.RegisterAsync(EventSchemas.SubjectOf(topic), EventSchemas.ByTopic[topic], cancellation);
        if (result is RegistryResult<int>.Found found)
        {
            _ids[topic] = found.Value;
        }

        return result;
    }

    /// <summary>As <see cref="RegisterAsync"/>, for callers that cannot go on without.</summary>
    /// <exception cref="IngestException">The registry refuses the schema or does not answer.</exception>
    public async ValueTask<int> RequireAsync(string topic, CancellationToken cancellation)
    {
        return await RegisterAsync(topic, cancellation) switch
        {
            RegistryResult<int>.Found found => found.Value,
            RegistryResult<int>.Unavailable away => throw new IngestException(IngestFailure.RegistryAway, $"the schema registry does not answer: {away.Reason}"),
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
