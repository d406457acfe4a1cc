using System.Collections.Immutable;
using Streaming.Contracts.Registry;
using Streaming.Contracts.Schemas;
using Streaming.Log;

namespace Streaming.Ingest;

/// <summary>The event log and the schema registry that events are written to. Thread-safe.</summary>
public sealed class EventConnection : IAsyncDisposable
{
    private const int LastOffsets = 16;

    private readonly ImmutableSortedDictionary<string, int> _partitions;
    private readonly IDisposable? _client;

    /// <param name="log">The log; this disposes it.</param>
    /// <param name="registry">The registry.</param>
    /// <param name="partitions">Partitions of topics that are made.</param>
    /// <param name="client">What the registry needs disposed.</param>
    public EventConnection(
        IEventLog log, ISchemaRegistry registry, ImmutableSortedDictionary<string, int> partitions, IDisposable? client = null)
    {
        Log = log;
        Registry = registry;
        Schemas = new ShippedSchemas(registry);
        _partitions = partitions;
        _client = client;
    }

    /// <summary>The log.</summary>
    public IEventLog Log { get; }

    /// <summary>The registry.</summary>
    public ISchemaRegistry Registry { get; }

    /// <summary>The ids of the schemas that this build writes.</summary>
    public ShippedSchemas Schemas { get; }

    /// <summary>The lease file of the log that tells one ingest of another.</summary>
    public string IngestLeaseFile => SeedLeaseFile + ".ingest";

    /// <summary>The lease file of the log that keeps two replays of dead letters of one machine from writing at once.</summary>
    public string ReplayLeaseFile => SeedLeaseFile + ".replay";

    /// <summary>The lease file of the log that keeps two seeds of one machine from writing at once.</summary>
    public required string SeedLeaseFile { get; init; }

    /// <summary>Checks the registry's compatibility levels, and says once which of them are weaker than a replay needs.</summary>
    public async Task AdviseAsync(IEnumerable<string> topics, Action<string> say, CancellationToken cancellation)
    {
        if (await SubjectLevels.AdviseAsync(Registry, topics.Select(EventSchemas.SubjectOf), cancellation) is { } advice)
        {
            say(advice);
        }
    }

    /// <summary>Makes a topic if it is missing, with as many partitions as another has, or will have.</summary>
    public async Task<TopicDescription> EnsureTopicAsync(string topic, string partitionsAs, CancellationToken cancellation)
    {
        var model = await Log.DescribeTopicAsync(partitionsAs, cancellation);
        return await Log.DescribeTopicAsync(topic, cancellation)
            ?? await Log.CreateTopicAsync(topic, model?.Partitions ?? _partitions.GetValueOrDefault(partitionsAs, 1), cancellation);
    }

    /// <summary>The newest of the partitions' last records' timestamps; null if the topic is empty, or not there.</summary>
    public async Task<long?> NewestMillisAsync(string topic, CancellationToken cancellation)
    {
        long? newest = null;
        for (var partition = 0; partition < ((await Log.DescribeTopicAsync(topic, cancellation))?.Partitions ?? 0); partition++)
        {
            var place = new TopicPartition(topic, partition);
            var (begin, end) = (await Log.BeginningOffsetAsync(place, cancellation), await Log.EndOffsetAsync(place, cancellation));
            if (end > begin)
            {
                // The last offsets may be transactions' markers, which are not records.
                await using var reader = Log.Read(place, Math.Max(begin, end - LastOffsets));
                while (reader.NextOffset < end)
                {
                    var last = await reader.ReadAsync(LastOffsets, cancellation);
                    newest = last.Count > 0 ? Math.Max(newest ?? long.MinValue, last.Timestamps[last.Count - 1]) : newest;
                }
            }
        }

        return newest;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await Log.DisposeAsync();
        _client?.Dispose();
    }
}
