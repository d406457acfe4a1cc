namespace Streaming.Ingest;

/// <summary>Where an event went.</summary>
/// <param name="Partition">Its partition.</param>
public readonly record struct AppendedEvent(int Partition);
