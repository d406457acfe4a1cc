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
    private readonly EventValidator _validator;

    private EventRules(SourcePlan plan) => _validator = new(plan);

    /// <summary>The rules of each topic that feeds anything. What nothing reads is never set aside.</summary>
    /// <param name="catalog">What is fed.</param>
    /// <param name="futureTolerance">As the engine's <see cref="EngineSettings.FutureTolerance"/>.</param>
    public static IReadOnlyDictionary<string, IEventRules> For(FeatureCatalog catalog, TimeSpan futureTolerance) =>
        SourcePlan.For(catalog, futureTolerance).ToDictionary(plan => plan.Source.Name, plan => (IEventRules)new EventRules(plan));

    /// <inheritdoc/>
    public string? Fault(EventBatch events, int row, long recordTimestampMillis) =>
        _validator.Reject(events, row, recordTimestampMillis, out var detail) is null ? null : detail;
}
