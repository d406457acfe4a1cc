using System.Collections.Immutable;
using Streaming.Contracts.Registry;
using Streaming.Engine.Sources;
using Streaming.Features.Plans;
using Streaming.Log;

namespace Streaming.Engine.Replays;

/// <summary>What a replay works on: the same log, registry, definitions and settings as the node's.</summary>
/// <param name="Log">The event log.</param>
/// <param name="Registry">The schema registry.</param>
/// <param name="Catalog">The feature views.</param>
/// <param name="Settings">The engine's settings.</param>
/// <param name="Time">The clock.</param>
public sealed record ReplayServices(
    IEventLog Log, ISchemaRegistry Registry, FeatureCatalog Catalog, EngineSettings Settings, TimeProvider Time)
{
    internal DecoderCache Decoders { get; } = new();

    internal ImmutableArray<SourcePlan> Plans { get; } = SourcePlan.For(Catalog, Settings.FutureTolerance, Settings.RecordNames);

    internal SourcePlan? PlanOf(string topic) => Plans.FirstOrDefault(plan => plan.Source.Name == topic);
}
