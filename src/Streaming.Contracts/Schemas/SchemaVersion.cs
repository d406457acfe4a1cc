using Avro;

namespace Streaming.Contracts.Schemas;

/// <summary>A schema as it was released.</summary>
/// <param name="Name">The event.</param>
/// <param name="Version">Counted from 1.</param>
/// <param name="File">Where it is.</param>
/// <param name="Schema">The schema.</param>
public sealed record SchemaVersion(string Name, int Version, string File, RecordSchema Schema);
