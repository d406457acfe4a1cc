using System.Collections.Immutable;
using Avro;
using Streaming.Contracts.Registry;
using Streaming.Contracts.Schemas;

namespace Streaming.Engine.Tests;

/// <summary>A registry that is away, or refuses, when a test says so.</summary>
internal sealed class FaultyRegistry(ISchemaRegistry registry) : ISchemaRegistry
{
    /// <summary>What <see cref="GetByIdAsync"/> answers; null for the truth.</summary>
    public volatile RegistryResult<Schema>? Answer;

    /// <summary>What <see cref="GetByIdAsync"/> answers for an id, if not null; it may throw.</summary>
    public volatile Func<int, RegistryResult<Schema>?>? AnswerOf;

    /// <summary>What <see cref="RegisterAsync"/> answers; null for the truth.</summary>
    public volatile RegistryResult<int>? RegisterAnswer;

    public Task<RegistryResult<int>> RegisterAsync(string subject, Schema schema, CancellationToken cancellation) =>
        RegisterAnswer is { } answer ? Task.FromResult(answer) : registry.RegisterAsync(subject, schema, cancellation);

    public Task<RegistryResult<Schema>> GetByIdAsync(int id, CancellationToken cancellation) =>
        AnswerOf?.Invoke(id) is { } answerOf ? Task.FromResult(answerOf) :
        Answer is { } answer ? Task.FromResult(answer) : registry.GetByIdAsync(id, cancellation);

    public Task<RegistryResult<ImmutableArray<int>>> GetVersionsAsync(string subject, CancellationToken cancellation) =>
        registry.GetVersionsAsync(subject, cancellation);

    public Task<RegistryResult<RegisteredSchema>> GetVersionAsync(string subject, int version, CancellationToken cancellation) =>
        registry.GetVersionAsync(subject, version, cancellation);

    public Task<RegistryResult<RegisteredSchema>> GetLatestAsync(string subject, CancellationToken cancellation) =>
        registry.GetLatestAsync(subject, cancellation);

    public Task<RegistryResult<CompatibilityReport>> CheckCompatibilityAsync(
        string subject,
        Schema schema,
        CancellationToken cancellation) =>
        registry.CheckCompatibilityAsync(subject, schema, cancellation);

    public Task<RegistryResult<CompatibilityLevel>> GetLevelAsync(string subject, CancellationToken cancellation) =>
        registry.GetLevelAsync(subject, cancellation);

    public Task<RegistryResult<CompatibilityLevel>> SetLevelAsync(
        string subject,
        CompatibilityLevel level,
        CancellationToken cancellation) =>
        registry.SetLevelAsync(subject, level, cancellation);
}
