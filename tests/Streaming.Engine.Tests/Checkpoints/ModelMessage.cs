namespace Streaming.Engine.Tests.Checkpoints;

/// <summary>A message between a source and an entity: a delivery, its confirmation, or the end of the run.</summary>
internal sealed record ModelMessage(ModelMessageKind Kind, ModelRun Run, int Partition, int Entity, int Offset, int Previous);
