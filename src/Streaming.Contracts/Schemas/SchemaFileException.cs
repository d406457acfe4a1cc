namespace Streaming.Contracts.Schemas;

/// <summary>A directory of schemas, or a file in it, is not as it must be. The message names the file and what to do.</summary>
public sealed class SchemaFileException(string message) : Exception(message);
