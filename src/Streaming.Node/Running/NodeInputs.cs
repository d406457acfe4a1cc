using System.Collections.Immutable;
using Akka.Configuration;
using Streaming.Engine;
using Streaming.Features.Plans;
using Streaming.Ingest;
using Streaming.Node.Settings;
using Streaming.Persistence.Redis.Slots;
using Streaming.Scoring;

namespace Streaming.Node.Running;

/// <summary>What a node runs on. It owns none of it but the models: the caller disposes the other parts after the node.</summary>
/// <param name="Settings">The host's part of the settings.</param>
/// <param name="Engine">The engine's part.</param>
/// <param name="Akka">Akka's own part, over <see cref="StreamingEngine.ReferenceConfig"/>.</param>
/// <param name="Catalog">What is computed.</param>
/// <param name="Champion">The model that answers POST /score.</param>
/// <param name="Connection">The event log and the schema registry.</param>
/// <param name="Snapshots">The store of snapshots.</param>
/// <param name="Clock">The clock.</param>
public sealed record NodeInputs(
    NodeSettings Settings,
    EngineSettings Engine,
    Config Akka,
    FeatureCatalog Catalog,
    Scorer Champion,
    EventConnection Connection,
    IShardSlots Snapshots,
    TimeProvider Clock)
{
    /// <summary>The other models, which answer by their names.</summary>
    public ImmutableArray<Scorer> Others { get; init; } = [];

    /// <summary>Names the store of snapshots, the same after a restart; two nodes with stores of their own on one log have two.</summary>
    public string SnapshotsName { get; init; } = string.Empty;

    /// <summary>
    /// Whether the history is written that is being written beside the node, which is ready only when it has that in memory; null where
    /// none is. Evaluated on any thread.
    /// </summary>
    public Func<bool>? IsHistoryWritten { get; init; }
}
