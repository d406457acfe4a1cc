namespace Streaming.Engine;

/// <summary>How many entities of a type are in memory, and the bytes of their state.</summary>
public sealed record EntityCount(string Entity, long Count, long StateBytes);
