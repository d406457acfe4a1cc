using System.Globalization;
using System.Text;
using Streaming.Contracts.Codecs;
using Streaming.Contracts.Events;
using Streaming.Contracts.Registry;
using Streaming.Contracts.Schemas;
using Streaming.Log;

namespace Streaming.Ingest.DeadLetters;

/// <summary>
/// Appends dead letters to their topic, keyed by their deterministic ids: after a crash one may be there twice, under the same id.
/// Thread-safe.
/// </summary>
public sealed class DeadLetterWriter(IEventLog log, ShippedSchemas schemas, TimeProvider time)
{
    /// <summary>Room for what a log adds to a record.</summary>
    private const int RecordHeadBytes = 256;

    /// <summary>A detail may describe a writer's schema, which may have thousands of parts.</summary>
    private const int DetailCharactersMax = 4_000;

    private readonly RecordWriter<DeadLetter> _writer = RecordWriter.Compile<DeadLetter>(EventSchemas.DeadLetter);
    private volatile int _schemaId;

    /// <summary>
    /// Registers the schema if needed; call it before the first append. If the registry does not answer, the next call tries again.
    /// </summary>
    public async Task<RegistryResult<int>> PrepareAsync(CancellationToken cancellation)
    {
        var result = await schemas.RegisterAsync(EventSchemas.DeadLetters, cancellation);
        _schemaId = result is RegistryResult<int>.Found found ? found.Value : _schemaId;
        return result;
    }

    /// <summary>Appends all; complete when they are durable.</summary>
    public async Task AppendAsync(IReadOnlyCollection<DeadLetter> deadLetters, CancellationToken cancellation)
    {
        var records = new RecordBatch(deadLetters.Count);
        var value = new AvroBuffer();
        var now = time.GetUtcNow().ToUnixTimeMilliseconds();
        foreach (var deadLetter in deadLetters)
        {
            var key = Encoding.UTF8.GetBytes(deadLetter.Id);
            Write(deadLetter, log.RecordBytesMax - RecordHeadBytes - key.Length, value);
            // Records of old producers may have no timestamp (-1) or an invalid one; the log takes only positive ones that are not ahead
            // of its clock.
            records.Add(0, Math.Clamp(deadLetter.Timestamp.Millis, 1, now), key, value.Written);
        }

        await log.AppendAsync(EventSchemas.DeadLetters, records, cancellation);
    }

    // A record of the largest size does not fit into a dead letter with its details: then key and value are left out, and the letter
    // says so.
    private void Write(DeadLetter deadLetter, int bytesMax, AvroBuffer value)
    {
        if (deadLetter.Detail.Length > DetailCharactersMax)
        {
            deadLetter = deadLetter with { Detail = deadLetter.Detail[..DetailCharactersMax] + "..." };
        }

        Encode(deadLetter, value);
        if (value.Written.Length > bytesMax)
        {
            deadLetter = deadLetter with { Value = null, Detail = LeftOut(deadLetter.Detail, "value", deadLetter.Value) };
            Encode(deadLetter, value);
        }

        if (value.Written.Length > bytesMax)
        {
            Encode(deadLetter with { Key = null, Detail = LeftOut(deadLetter.Detail, "key", deadLetter.Key) }, value);
        }
    }

    private void Encode(DeadLetter deadLetter, AvroBuffer value)
    {
        value.Clear();
        _writer.Write(deadLetter, _schemaId, value);
    }

    private static string LeftOut(string detail, string what, ReadOnlyMemory<byte>? bytes) =>
        string.Create(CultureInfo.InvariantCulture, $"{detail}; {what} of {bytes?.Length ?? 0} bytes left at its origin");
}
