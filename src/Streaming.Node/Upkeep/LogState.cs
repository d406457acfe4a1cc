using System.Collections.Immutable;
using Streaming.Log;
using Streaming.Log.Embedded;

namespace Streaming.Node.Upkeep;

/// <summary>The event log at the last look.</summary>
/// <param name="Size">How much it holds.</param>
/// <param name="Retention">What retention did to each partition; none for Kafka, whose brokers do it.</param>
/// <param name="Deleted">Offsets that retention has deleted since the node started, by topic.</param>
public sealed record LogState(
    LogSize Size, ImmutableArray<PartitionRetention> Retention, ImmutableSortedDictionary<string, long> Deleted);
