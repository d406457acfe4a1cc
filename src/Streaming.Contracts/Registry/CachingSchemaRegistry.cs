using System.Collections.Concurrent;
using System.Collections.Immutable;
using Avro;
using Streaming.Contracts.Schemas;

namespace Streaming.Contracts.Registry;

/// <summary>
/// Caches for ever what cannot change: the schema of an id and the id of a registered schema. A failure is never remembered, and
/// look-ups of one id at the same time share one request. Everything else is passed on.
/// </summary>
public sealed class CachingSchemaRegistry : ISchemaRegistry
{
    private readonly ISchemaRegistry _inner;
    private readonly ConcurrentDictionary<int, Schema> _schemas = new();
    private readonly ConcurrentDictionary<(string Subject, string Schema), int> _ids = new();
    private readonly ConcurrentDictionary<int, Lazy<Task<RegistryResult<Schema>>>> _underWay = new();

    /// <param name="inner">The registry behind the cache. Its calls need a time-out of their own: a shared request outlives a caller
    /// that gave up.</param>
    public CachingSchemaRegistry(ISchemaRegistry inner) => _inner = inner;

    /// <inheritdoc/>
    public async Task<RegistryResult<Schema>> GetByIdAsync(int id, CancellationToken cancellation)
    {
        if (_schemas.TryGetValue(id, out var known))
        {
            return new RegistryResult<Schema>.Found(known);
        }

        var request = _underWay.GetOrAdd(id, key => new Lazy<Task<RegistryResult<Schema>>>(() => RequestAsync(key)));
        return await request.Value.WaitAsync(cancellation);
    }

    /// <inheritdoc/>
    public async Task<RegistryResult<int>> RegisterAsync(string subject, Schema schema, CancellationToken cancellation)
    {
        var key = (subject, schema.ToString());
        if (_ids.TryGetValue(key, out var id))
        {
            return new RegistryResult<int>.Found(id);
        }

        var result = await _inner.RegisterAsync(subject, schema, cancellation);
        if (result is RegistryResult<int>.Found found)
        {
            _ids[key] = found.Value;
        }

        return result;
    }

    /// <inheritdoc/>
    public Task<RegistryResult<ImmutableArray<int>>> GetVersionsAsync(string subject, CancellationToken cancellation) =>
        _inner.GetVersionsAsync(subject, cancellation);

    /// <inheritdoc/>
    public Task<RegistryResult<RegisteredSchema>> GetVersionAsync(string subject, int version, CancellationToken cancellation) =>
        _inner.GetVersionAsync(subject, version, cancellation);

    /// <inheritdoc/>
    public Task<RegistryResult<RegisteredSchema>> GetLatestAsync(string subject, CancellationToken cancellation) =>
        _inner.GetLatestAsync(subject, cancellation);

    /// <inheritdoc/>
    public Task<RegistryResult<CompatibilityReport>> CheckCompatibilityAsync(
        string subject, Schema schema, CancellationToken cancellation) =>
        _inner.CheckCompatibilityAsync(subject, schema, cancellation);

    /// <inheritdoc/>
    public Task<RegistryResult<CompatibilityLevel>> GetLevelAsync(string subject, CancellationToken cancellation) =>
        _inner.GetLevelAsync(subject, cancellation);

    /// <inheritdoc/>
    public Task<RegistryResult<CompatibilityLevel>> SetLevelAsync(
        string subject, CompatibilityLevel level, CancellationToken cancellation) =>
        _inner.SetLevelAsync(subject, level, cancellation);

    private async Task<RegistryResult<Schema>> RequestAsync(int id)
    {
        try
        {
            // One caller's cancellation must not fail the others.
            var result = await _inner.GetByIdAsync(id, CancellationToken.None);
            if (result is RegistryResult<Schema>.Found found)
            {
                _schemas[id] = found.Value;
            }

            return result;
        }
        finally
        {
            _underWay.TryRemove(id, out _);
        }
    }
}
