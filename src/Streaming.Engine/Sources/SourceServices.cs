namespace Streaming.Engine.Sources;

/// <summary>What the sources of one engine share to report to and to start each other.</summary>
/// <param name="Board">Takes their statuses.</param>
/// <param name="Outages">Logs outages of the event log, once for all of them.</param>
/// <param name="Directory">Finds them when an entity is lost and when the node stops.</param>
/// <param name="Starter">Starts sources of partitions that are added.</param>
internal sealed record SourceServices(SourceBoard Board, OutageLog Outages, SourceDirectory Directory, SourceStarter Starter);
