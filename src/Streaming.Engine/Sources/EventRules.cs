using Streaming.Features.Events;
using Streaming.Features.Plans;
using Streaming.Ingest;

namespace Streaming.Engine.Sources;

/// <summary>
/// The rules by which the engine makes an event a dead letter, for HTTP and files, which refuse it instead. Immutable; the rows are the
/// caller's.
/// </summary>
public sealed class EventRules : IEventRules
{
    private readonly EventValidator? _validator;
    private readonly ContractRules _contract;
    private readonly long _futureToleranceMillis;

    private EventRules(string topic, SourcePlan? plan, TimeSpan futureTolerance)
    {
        _validator = plan is null ? null : new EventValidator(plan);
        _contract = ContractRules.Of(topic);
        _futureToleranceMillis = (long)futureTolerance.TotalMilliseconds;
    }

    /// <summary>The rules of each topic that takes events from outside, also those that no source reads.</summary>
    /// <param name="catalog">The feature views.</param>
    /// <param name="futureTolerance">As the engine's <see cref="EngineSettings.FutureTolerance"/>.</param>
    public static IReadOnlyDictionary<string, IEventRules> For(FeatureCatalog catalog, TimeSpan futureTolerance)
    {
        var plans = SourcePlan.For(catalog, futureTolerance).ToDictionary(plan => plan.Source.Name);
        return TopicContract.All.ToDictionary(
            topic => topic.Name, topic => (IEventRules)new EventRules(topic.Name, plans.GetValueOrDefault(topic.Name), futureTolerance));
    }

    /// <inheritdoc/>
    public string? Fault(EventBatch events, int row, long recordTimestampMillis)
    {
        string detail;
        var reason = _validator is { } validator
            ? validator.Reject(events, row, recordTimestampMillis, out detail)
            : _contract.Reject(events, row, recordTimestampMillis + _futureToleranceMillis, out detail);
        return reason is null ? null : detail;
    }
}
