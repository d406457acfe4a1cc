// Hot: TryGet runs once per event.
using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using Avro;
using Streaming.Contracts.Registry;
using Streaming.Features.Events;

namespace Streaming.Contracts.Codecs;

/// <summary>
/// The decoders of one topic by the schema ids that its events carry: known ones at once, new ones through the registry. Thread-safe.
/// </summary>
/// <param name="registry">Where unknown ids are asked for; failures are not remembered, here or there.</param>
/// <param name="reader">Our schema of the topic.</param>
/// <param name="source">Its columns.</param>
/// <param name="wanted">Per column whether it is kept; empty means all.</param>
public sealed class EventDecoders(ISchemaRegistry registry, RecordSchema reader, EventSource source, params bool[] wanted)
{
    private readonly ConcurrentDictionary<int, ColumnDecoder> _decoders = new();

    /// <summary>The decoder of an id that was resolved before.</summary>
    public bool TryGet(int schemaId, [NotNullWhen(true)] out ColumnDecoder? decoder) => _decoders.TryGetValue(schemaId, out decoder);

    /// <summary>
    /// Makes the decoder of an id. <see cref="RegistryResult{T}.Unavailable"/> is an outage: wait and ask again; the other failures are
    /// about the events that carry the id (<c>unknown_schema</c>, <c>incompatible_schema</c>).
    /// </summary>
    public async Task<RegistryResult<ColumnDecoder>> ResolveAsync(int schemaId, CancellationToken cancellation)
    {
        var answer = await registry.GetByIdAsync(schemaId, cancellation);
        return answer is RegistryResult<Schema>.Found found
            ? Compile(schemaId, found.Value)
            : answer.Map<ColumnDecoder>(_ => throw new InvalidOperationException("a found schema is compiled"));
    }

    private RegistryResult<ColumnDecoder> Compile(int schemaId, Schema writer)
    {
        var compiled = ColumnDecoder.Compile(writer, reader, source, wanted);
        if (!compiled.Succeeded)
        {
            return new RegistryResult<ColumnDecoder>.Rejected(RegistryRejection.Incompatible, string.Join(Environment.NewLine, compiled.Faults));
        }

        return new RegistryResult<ColumnDecoder>.Found(_decoders.GetOrAdd(schemaId, compiled.Codec));
    }
}
