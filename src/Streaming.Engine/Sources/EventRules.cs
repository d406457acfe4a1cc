using Streaming.Contracts.Codecs;
using Streaming.Contracts.Schemas;
using Streaming.Features.Events;
using Streaming.Features.Plans;
using Streaming.Ingest;

namespace Streaming.Engine.Sources;

/// <summary>
/// The rules by which the engine sets an event aside for what it says, for those who take events: better refused than dead-lettered.
/// Whether an event is late depends on others in its partition and is not judged. Immutable; the rows are the caller's.
/// </summary>
public sealed class EventRules : IEventRules
{
    private readonly SourcePlan _plan;
    private readonly EventValidator _validator;
    private readonly ColumnDecoder _decoder;

    private EventRules(SourcePlan plan)
    {
        var schema = EventSchemas.ByTopic[plan.Source.Name];
        _plan = plan;
        _validator = new(plan);
        _decoder = ColumnDecoder.Compile(schema, schema, plan.Source, plan.Wanted.AsSpan()).Codec
            ?? throw new InvalidOperationException($"the schema of {plan.Source.Name} cannot be read as itself");
    }

    /// <summary>The rules of each topic that feeds anything. What nothing reads is never set aside.</summary>
    /// <param name="catalog">What is fed.</param>
    /// <param name="futureTolerance">As the engine's <see cref="EngineSettings.FutureTolerance"/>.</param>
    public static IReadOnlyDictionary<string, IEventRules> For(FeatureCatalog catalog, TimeSpan futureTolerance) =>
        SourcePlan.For(catalog, futureTolerance).ToDictionary(plan => plan.Source.Name, plan => (IEventRules)new EventRules(plan));

    /// <inheritdoc/>
    public EventBatch NewRow() => new(_plan.Source, _plan.Wanted.AsSpan(), 1) { Count = 1 };

    /// <inheritdoc/>
    public string? Fault(byte[] buffer, int start, int length, EventBatch row, long recordTimestampMillis)
    {
        if (_decoder.TryDecode(buffer, start, length, row, 0, out var fault) != DecodeStatus.Ok)
        {
            return fault.ToString();
        }

        return _validator.Reject(row, 0, recordTimestampMillis, out var detail) is null ? null : detail;
    }
}
