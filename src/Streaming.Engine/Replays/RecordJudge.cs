using Streaming.Engine.Sources;
using Streaming.Ingest;
using Streaming.Log;

namespace Streaming.Engine.Replays;

/// <summary>
/// Decodes and checks records of one partition as its source would, outside of an engine: by today's schemas, definitions and rules.
/// Used by one caller at a time.
/// </summary>
internal sealed class RecordJudge
{
    private readonly SchemaDecoders _schemas;
    private readonly ReadDecoder _decoder;

    /// <param name="services">What it asks.</param>
    /// <param name="plan">What is done with the topic's events.</param>
    /// <param name="partition">The partition.</param>
    /// <param name="settled">By offset, the timestamps of the events that are passed over.</param>
    public RecordJudge(ReplayServices services, SourcePlan plan, int partition, IReadOnlyDictionary<long, long>? settled = null)
    {
        var (settings, time) = (services.Settings, services.Time);
        _schemas = new SchemaDecoders(plan, services.Registry, services.Decoders, new KnownSchemas(), settings.UnknownSchemaWait, time);
        _decoder = new ReadDecoder(plan, partition, _schemas, time);
        _decoder.BeginRun(DeadLetterLedger.Empty.Poison, 0, settled ?? SettledEvents.None);
    }

    /// <summary>The events of some records, and the dead letters of the others.</summary>
    /// <exception cref="IngestException">The registry does not answer, or has lost a schema.</exception>
    public async Task<DecodedRead> DecodeAsync(RecordBatch records, long nextOffset, CancellationToken cancellation)
    {
        // As if it had been read before: nothing is waited for that the registry does not have.
        _schemas.BeginRead(isJudged: true);
        while (_decoder.MissingSchema(records) is { } schemaId)
        {
            if (await _schemas.LoadAsync(schemaId, cancellation) is { } reason)
            {
                throw new IngestException(IngestFailure.RegistryAway, $"the schema registry: {reason}");
            }
        }

        return _decoder.Decode(records, nextOffset);
    }

    /// <summary>Takes back a read that is no longer used.</summary>
    public void Release(DecodedRead read) => _decoder.Release(read);
}
