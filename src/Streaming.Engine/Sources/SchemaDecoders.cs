using Streaming.Contracts.Codecs;
using Streaming.Contracts.Events;
using Streaming.Contracts.Registry;
using Streaming.Contracts.Schemas;

namespace Streaming.Engine.Sources;

/// <summary>What became of a schema id: a decoder, or the reason why its events are dead letters.</summary>
internal sealed record SchemaDecoder(ColumnDecoder? Decoder, string Reason, string Detail);

/// <summary>
/// The decoders of one topic by writer's schema id, each compiled once. An id that the registry says does not exist is not
/// remembered: it may be registered later. Used by one source.
/// </summary>
internal sealed class SchemaDecoders(SourcePlan plan, ISchemaRegistry registry)
{
    private readonly Dictionary<int, SchemaDecoder> _decoders = [];
    private readonly List<int> _unknown = [];

    /// <summary>A decoder that is known already.</summary>
    public bool TryGet(int schemaId, out SchemaDecoder decoder)
    {
        var found = _decoders.TryGetValue(schemaId, out var value);
        decoder = value!;
        return found;
    }

    /// <summary>Forgets what the registry did not know, so that the next read asks again.</summary>
    public void ForgetUnknown()
    {
        foreach (var id in _unknown)
        {
            _decoders.Remove(id);
        }

        _unknown.Clear();
    }

    /// <summary>Asks the registry; the result is what went wrong with the registry itself, null when it answered.</summary>
    public async Task<string?> LoadAsync(int schemaId, CancellationToken cancellation)
    {
        switch (await registry.GetByIdAsync(schemaId, cancellation))
        {
            case RegistryResult<Avro.Schema>.Found found:
                _decoders[schemaId] = Compile(schemaId, found.Value);
                return null;
            case RegistryResult<Avro.Schema>.Unavailable outage:
                return outage.Reason;
            case RegistryResult<Avro.Schema>.Rejected { Reason: RegistryRejection.InvalidSchema } foreign:
                _decoders[schemaId] = new(null, DeadLetterReason.IncompatibleSchema, $"schema {schemaId} cannot be read: {foreign.Detail}");
                return null;
            case RegistryResult<Avro.Schema>.Rejected rejected:
                return rejected.Detail;
            default:
                _unknown.Add(schemaId);
                _decoders[schemaId] = new(null, DeadLetterReason.UnknownSchema, $"the registry has no schema {schemaId}: register it, then replay");
                return null;
        }
    }

    private SchemaDecoder Compile(int schemaId, Avro.Schema writer)
    {
        var compiled = ColumnDecoder.Compile(writer, EventSchemas.ByTopic[plan.Source.Name], plan.Source, plan.Wanted.AsSpan());
        return compiled.Succeeded
            ? new(compiled.Codec, string.Empty, string.Empty)
            : new(null, DeadLetterReason.IncompatibleSchema, $"schema {schemaId} cannot be read as ours: {string.Join("; ", compiled.Faults)}");
    }
}
