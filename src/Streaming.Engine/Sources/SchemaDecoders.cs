using System.Collections.Immutable;
using Streaming.Contracts.Codecs;
using Streaming.Contracts.Events;
using Streaming.Contracts.Registry;
using Streaming.Contracts.Schemas;
using Streaming.Log;

namespace Streaming.Engine.Sources;

/// <summary>What became of a schema id: a decoder, or the reason why its events are dead letters.</summary>
internal sealed record SchemaDecoder(ColumnDecoder? Decoder, string Reason, string Detail);

/// <summary>
/// What one source knows of its topic's schema ids; the decoders are shared with the topic's other partitions. An id that the registry
/// says does not exist is waited for, since a registry's followers learn of it after its leader; but once, and for a bounded time. It
/// is not remembered as unknown beyond a read: it may be registered later. An id that it gave before, in this life of the node or an
/// earlier one, is waited for without an end: its events have counted, and are no bad events. Used by one source.
/// </summary>
internal sealed class SchemaDecoders(SourcePlan plan, EngineContext context, KnownSchemas known)
{
    /// <summary>Values of a foreign format may have an "id" each: so many are waited for, which no honest producers come near.</summary>
    private const int MaxWaitedFor = 100;

    private readonly Dictionary<int, SchemaDecoder> _decoders = [];
    private readonly List<int> _unknown = [];
    private readonly HashSet<int> _waitedFor = [];
    private long? _waitingSinceTicks;
    private bool _isJudged;

    /// <summary>A decoder that is known already.</summary>
    public bool TryGet(int schemaId, out SchemaDecoder decoder)
    {
        var found = _decoders.TryGetValue(schemaId, out var value);
        decoder = value!;
        return found;
    }

    /// <summary>Begins a read: forgets what the registry did not know, so that it is asked again.</summary>
    /// <param name="isJudged">Whether an earlier run has judged it, and so has waited.</param>
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
    /// Asks the registry; the result is why it is to be asked again, null when its answer counts. A schema on which something fails that
    /// nothing foresaw is no reason to stop: the events that carry it are set aside with the failure.
    /// </summary>
    public async Task<string?> LoadAsync(int schemaId, CancellationToken cancellation)
    {
        try
        {
            return await AskAsync(schemaId, cancellation);
        }
        catch (Exception away) when (Unexpected.IsAway(away))
        {
            return away.Message;
        }
        catch (Exception failure) when (Unexpected.IsOfTheRecord(failure))
        {
            _unknown.Add(schemaId);
            _decoders[schemaId] = new(null, DeadLetterReason.Unexpected, $"schema {schemaId}: {Unexpected.Text(failure)}");
            return null;
        }
    }

    private async Task<string?> AskAsync(int schemaId, CancellationToken cancellation)
    {
        switch (await context.Registry.GetByIdAsync(schemaId, cancellation))
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
                return await ReasonToWaitAsync(schemaId, cancellation) ?? Unknown(schemaId);
        }
    }

    private async Task<string?> ReasonToWaitAsync(int schemaId, CancellationToken cancellation)
    {
        try
        {
            return await known.WasKnownAsync(schemaId, cancellation)
                ? $"it has lost schema {schemaId}, which it gave before: register the same schema under the same id, or set another streaming.engine.consumer-group to have its events set aside"
                : null;
        }
        catch (EventLogException outage)
        {
            return $"it has no schema {schemaId}, and whether it had is for the event log to say: {outage.Message}";
        }
    }

    private string? Unknown(int schemaId)
    {
        _unknown.Add(schemaId);
        _decoders[schemaId] = new(null, DeadLetterReason.UnknownSchema, $"the registry has no schema {schemaId}: register it and restart the node, which reads the event again");
        return null;
    }

    // All ids of a read have been in the log since the read: they wait together.
    private bool IsWaitedFor(int schemaId)
    {
        if (_waitedFor.Count == MaxWaitedFor || _waitedFor.Contains(schemaId))
        {
            return false;
        }

        _waitingSinceTicks ??= context.Time.GetTimestamp();
        if (!_isJudged && context.Time.GetElapsedTime(_waitingSinceTicks.Value) < context.Settings.UnknownSchemaWait)
        {
            return true;
        }

        _waitedFor.Add(schemaId);
        return false;
    }

    // What an operator can do without the producer and without a new build.
    private string NameAdvice(ImmutableArray<Incompatibility> faults) => faults.All(fault => fault.Kind == IncompatibilityKind.NameMismatch)
        ? $"; or, where it is the same event by another name, add the name to streaming.engine.record-names.{plan.Source.Name} and restart the node"
        : string.Empty;

    private SchemaDecoder Compile(int schemaId, Avro.Schema writer)
    {
        var compiled = context.Decoders.Get(plan, schemaId, writer);
        if (!compiled.Succeeded)
        {
            return new(null, DeadLetterReason.IncompatibleSchema, $"schema {schemaId} cannot be read as ours: {string.Join("; ", compiled.Faults)}{NameAdvice(compiled.Faults)}");
        }

        known.Add(schemaId);
        return new(compiled.Codec, string.Empty, string.Empty);
    }
}
