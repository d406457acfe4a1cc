using System.Collections.Immutable;
using Streaming.Contracts.Events;
using Streaming.Contracts.Registry;
using Streaming.Contracts.Schemas;

namespace Streaming.Engine.Sources;

/// <summary>
/// The schema ids of one source's topic; the decoders are shared with the topic's other partitions. An id that the registry does not
/// have is waited for, because a registry's followers learn of it after its leader, but once and for a bounded time. It counts as unknown
/// for one read only: it may be registered later. An id that the registry gave before, also before a restart, is waited for without
/// a bound: its events have counted, and are not bad. Used by one source.
/// </summary>
internal sealed class SchemaDecoders(
    SourcePlan plan, ISchemaRegistry registry, DecoderCache decoders, KnownSchemas known, TimeSpan unknownSchemaWait, TimeProvider time)
{
    /// <summary>Each value of a foreign format may seem to have an id of its own, so the ids that are waited for are bounded.</summary>
    private const int MaxWaitedFor = 100;

    private readonly Dictionary<int, SchemaDecoder> _decoders = [];
    private readonly List<int> _unknown = [];
    private readonly HashSet<int> _waitedFor = [];
    private long? _waitingSinceTicks;
    private bool _isJudged;

    /// <summary>A decoder that is loaded.</summary>
    public bool TryGet(int schemaId, out SchemaDecoder decoder)
    {
        var found = _decoders.TryGetValue(schemaId, out var value);
        decoder = value!;
        return found;
    }

    /// <summary>Begins a read: forgets unknown ids, so that the registry is asked for them again.</summary>
    /// <param name="isJudged">Whether an earlier run has validated it, and so has waited.</param>
    public void BeginRead(bool isJudged)
    {
        _isJudged = isJudged;
        _waitingSinceTicks = null;
        foreach (var id in _unknown)
        {
            _decoders.Remove(id);
        }

        _unknown.Clear();
    }

    /// <summary>
    /// Asks the registry. The result is the reason to ask again; null when its answer is final. Where a schema causes an unexpected
    /// failure, the events that carry it become dead letters with that failure.
    /// </summary>
    public async Task<string?> LoadAsync(int schemaId, CancellationToken cancellation)
    {
        try
        {
            return await AskAsync(schemaId, cancellation);
        }
        catch (Exception outage) when (Unexpected.IsOutage(outage))
        {
            return outage.Message;
        }
        catch (Exception failure) when (Unexpected.IsCausedByRecord(failure))
        {
            _unknown.Add(schemaId);
            _decoders[schemaId] = new(null, DeadLetterReason.Unexpected, $"schema {schemaId}: {Unexpected.Text(failure)}");
            return null;
        }
    }

    private async Task<string?> AskAsync(int schemaId, CancellationToken cancellation)
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
            case RegistryResult<Avro.Schema>.NotFound when IsWaitedFor(schemaId):
                return $"the registry has no schema {schemaId} yet";
            default:
                return ReasonToWait(schemaId) ?? Unknown(schemaId);
        }
    }

    private string? ReasonToWait(int schemaId) => known.Contains(schemaId)
        ? $"it has lost schema {schemaId}, which it gave before: register the same schema under the same id, "
            + "or set another streaming.engine.consumer-group to make its events dead letters"
        : null;

    private string? Unknown(int schemaId)
    {
        _unknown.Add(schemaId);
        var detail = $"the registry has no schema {schemaId}: register it, then 'streaming replay dlq' brings the event back";
        _decoders[schemaId] = new(null, DeadLetterReason.UnknownSchema, detail);
        return null;
    }

    // All ids of a read share one wait, from the first that is missing.
    private bool IsWaitedFor(int schemaId)
    {
        if (_waitedFor.Count == MaxWaitedFor || _waitedFor.Contains(schemaId))
        {
            return false;
        }

        _waitingSinceTicks ??= time.GetTimestamp();
        if (!_isJudged && time.GetElapsedTime(_waitingSinceTicks.Value) < unknownSchemaWait)
        {
            return true;
        }

        _waitedFor.Add(schemaId);
        return false;
    }

    // What an operator can do without a change of the producer or a new build.
    private string NameAdvice(ImmutableArray<Incompatibility> faults) => faults.All(fault => fault.Kind == IncompatibilityKind.NameMismatch)
        ? $"; or, where it is the same event by another name, add the name to streaming.engine.record-names.{plan.Source.Name}, "
            + "restart the node, and run 'streaming replay dlq'"
        : string.Empty;

    private SchemaDecoder Compile(int schemaId, Avro.Schema writer)
    {
        var compiled = decoders.Get(plan, schemaId, writer);
        if (!compiled.Succeeded)
        {
            var detail = $"schema {schemaId} cannot be read as ours: {string.Join("; ", compiled.Faults)}{NameAdvice(compiled.Faults)}";
            return new(null, DeadLetterReason.IncompatibleSchema, detail);
        }

        known.Add(schemaId);
        return new(compiled.Codec, string.Empty, string.Empty);
    }
}
