using System.Text;
using Streaming.Contracts.Codecs;
using Streaming.Contracts.Events;
using Streaming.Contracts.Registry;
using Streaming.Contracts.Schemas;
using Streaming.Log;

namespace Streaming.Engine.Sources;

/// <summary>
/// Appends dead letters to their topic, keyed by their deterministic ids: after a crash one may be there twice, under the same id.
/// Thread-safe.
/// </summary>
internal sealed class DeadLetterWriter(IEventLog log, int schemaId)
{
    private readonly RecordWriter<DeadLetter> _writer = RecordWriter.Compile<DeadLetter>(EventSchemas.DeadLetter);

    /// <summary>Registers the schema; what it could not is the registry's to say.</summary>
    public static async Task<(DeadLetterWriter? Writer, string? Outage)> CreateAsync(IEventLog log, ISchemaRegistry registry, CancellationToken cancellation) =>
        await registry.RegisterAsync(EventSchemas.SubjectOf(EventSchemas.DeadLetters), EventSchemas.DeadLetter, cancellation) switch
        {
            RegistryResult<int>.Found found => (new DeadLetterWriter(log, found.Value), null),
            RegistryResult<int>.Unavailable outage => (null, outage.Reason),
            RegistryResult<int>.Rejected rejected => (null, rejected.Detail),
            _ => (null, "the registry knows no subject for dead letters"),
        };

    /// <summary>Appends all; complete when they are durable.</summary>
    public async Task AppendAsync(IReadOnlyCollection<DeadLetter> deadLetters, CancellationToken cancellation)
    {
        var records = new RecordBatch(deadLetters.Count);
        var value = new AvroBuffer();
        foreach (var deadLetter in deadLetters)
        {
            value.Clear();
            _writer.Write(deadLetter, schemaId, value);
            // Records of old producers have no timestamp (-1), and a log takes positive ones only.
            records.Add(0, Math.Max(deadLetter.Timestamp.Millis, 1), Encoding.UTF8.GetBytes(deadLetter.Id), value.Written);
        }

        await log.AppendAsync(EventSchemas.DeadLetters, records, cancellation);
    }
}
