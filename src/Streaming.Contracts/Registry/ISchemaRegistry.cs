using System.Collections.Immutable;
using Avro;
using Streaming.Contracts.Schemas;

namespace Streaming.Contracts.Registry;

/// <summary>
/// Where schemas live: Confluent's registry, or the embedded one; words and meanings are Confluent's. Thread-safe. Every outcome is a
/// value; exceptions are for cancellation only.
/// </summary>
public interface ISchemaRegistry
{
    /// <summary>Makes a schema the subject's newest version and returns its id; a schema that the subject has keeps its version.</summary>
    Task<RegistryResult<int>> RegisterAsync(string subject, Schema schema, CancellationToken cancellation);

    /// <summary>The schema of an id.</summary>
    Task<RegistryResult<Schema>> GetByIdAsync(int id, CancellationToken cancellation);

    /// <summary>A subject's versions, ascending.</summary>
    Task<RegistryResult<ImmutableArray<int>>> GetVersionsAsync(string subject, CancellationToken cancellation);

    /// <summary>One version of a subject.</summary>
    Task<RegistryResult<RegisteredSchema>> GetVersionAsync(string subject, int version, CancellationToken cancellation);

    /// <summary>A subject's newest version.</summary>
    Task<RegistryResult<RegisteredSchema>> GetLatestAsync(string subject, CancellationToken cancellation);

    /// <summary>Whether a schema may become the subject's next version. A subject without versions takes any.</summary>
    Task<RegistryResult<CompatibilityReport>> CheckCompatibilityAsync(string subject, Schema schema, CancellationToken cancellation);

    /// <summary>The level that a subject's next version is held to: its own, or the registry's.</summary>
    Task<RegistryResult<CompatibilityLevel>> GetLevelAsync(string subject, CancellationToken cancellation);

    /// <summary>Sets a subject's own level.</summary>
    Task<RegistryResult<CompatibilityLevel>> SetLevelAsync(string subject, CompatibilityLevel level, CancellationToken cancellation);
}
