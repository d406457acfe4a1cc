using System.Collections.Immutable;
using Avro;
using Streaming.Contracts.Schemas;

namespace Streaming.Contracts.Registry;

/// <summary>
/// A registry in a directory: <c>schemas.json</c>, replaced as a whole by rename, so that a reader sees the old file or the new one.
/// Writers of several processes take turns through a lock file. A schema has the same id in every such registry (see docs/schemas.md).
/// </summary>
public sealed class EmbeddedSchemaRegistry : ISchemaRegistry
{
    private readonly EmbeddedRegistryStore _store;
    private readonly CompatibilityLevel _level;

    /// <param name="directory">Where the files are; made when it is not there.</param>
    /// <param name="level">The compatibility level of subjects without one of their own.</param>
    /// <param name="lockTimeout">How long to wait for another writer before the registry counts as unavailable.</param>
    /// <param name="time">The clock of the waits; null for the system's.</param>
    public EmbeddedSchemaRegistry(
        string directory,
        CompatibilityLevel level = CompatibilityLevel.BackwardTransitive,
        TimeSpan? lockTimeout = null,
        TimeProvider? time = null)
    {
        _store = new EmbeddedRegistryStore(directory, lockTimeout ?? TimeSpan.FromSeconds(10), time ?? TimeProvider.System);
        _level = level;
    }

    /// <inheritdoc/>
    public Task<RegistryResult<int>> RegisterAsync(string subject, Schema schema, CancellationToken cancellation) =>
        _store.ChangeAsync(file => Register(file, subject, schema), cancellation);

    /// <inheritdoc/>
    public Task<RegistryResult<Schema>> GetByIdAsync(int id, CancellationToken cancellation) => _store.ReadAsync<Schema>(
        file => file.Schemas.TryGetValue(id, out var text)
            ? new RegistryResult<Schema>.Found(SchemaText.Parse(text))
            : new RegistryResult<Schema>.NotFound($"schema id {id}"),
        cancellation);

    /// <inheritdoc/>
    public Task<RegistryResult<ImmutableArray<int>>> GetVersionsAsync(string subject, CancellationToken cancellation) =>
        _store.ReadAsync<ImmutableArray<int>>(
        file => file.Subjects.TryGetValue(subject, out var ids)
            ? new RegistryResult<ImmutableArray<int>>.Found([.. Enumerable.Range(1, ids.Count)])
            : new RegistryResult<ImmutableArray<int>>.NotFound($"subject {subject}"),
        cancellation);

    /// <inheritdoc/>
    public Task<RegistryResult<RegisteredSchema>> GetVersionAsync(string subject, int version, CancellationToken cancellation) =>
        _store.ReadAsync(file => Version(file, subject, version), cancellation);

    /// <inheritdoc/>
    public Task<RegistryResult<RegisteredSchema>> GetLatestAsync(string subject, CancellationToken cancellation) =>
        _store.ReadAsync(file => Version(file, subject, file.Subjects.TryGetValue(subject, out var ids) ? ids.Count : 0), cancellation);

    /// <inheritdoc/>
    public Task<RegistryResult<CompatibilityReport>> CheckCompatibilityAsync(
        string subject, Schema schema, CancellationToken cancellation) =>
        _store.ReadAsync<CompatibilityReport>(
            file =>
            {
                var found = Check(file, subject, schema);
                return new RegistryResult<CompatibilityReport>.Found(new CompatibilityReport(
                    found.IsEmpty, [.. found.Select(each => each.ToString())]));
            },
            cancellation);

    /// <inheritdoc/>
    public Task<RegistryResult<CompatibilityLevel>> GetLevelAsync(string subject, CancellationToken cancellation) =>
        _store.ReadAsync<CompatibilityLevel>(
        file => new RegistryResult<CompatibilityLevel>.Found(file.Levels.GetValueOrDefault(subject, _level)),
        cancellation);

    /// <inheritdoc/>
    public Task<RegistryResult<CompatibilityLevel>> SetLevelAsync(
        string subject, CompatibilityLevel level, CancellationToken cancellation) =>
        _store.ChangeAsync<CompatibilityLevel>(
            file =>
            {
                file.Levels[subject] = level;
                return new RegistryResult<CompatibilityLevel>.Found(level);
            },
            cancellation);

    private RegistryResult<int> Register(EmbeddedRegistryFile file, string subject, Schema schema)
    {
        var text = schema.ToString();
        var id = file.IdOf(text);
        if (file.Subjects.TryGetValue(subject, out var ids) && ids.Contains(id))
        {
            return new RegistryResult<int>.Found(id);
        }

        var wrong = SchemaCompatibility.CheckDefaults(schema);
        if (!wrong.IsEmpty)
        {
            return new RegistryResult<int>.Rejected(RegistryRejection.InvalidSchema, string.Join(Environment.NewLine, wrong));
        }

        var found = Check(file, subject, schema);
        if (!found.IsEmpty)
        {
            return new RegistryResult<int>.Rejected(RegistryRejection.Incompatible, string.Join(Environment.NewLine, found));
        }

        file.Schemas[id] = text;
        file.Subjects.TryAdd(subject, []);
        file.Subjects[subject].Add(id);
        return new RegistryResult<int>.Found(id);
    }

    private ImmutableArray<Incompatibility> Check(EmbeddedRegistryFile file, string subject, Schema schema)
    {
        var earlier = file.Subjects.GetValueOrDefault(subject, []).ConvertAll(id => SchemaText.Parse(file.Schemas[id]));
        return SchemaCompatibility.Check(schema, earlier, file.Levels.GetValueOrDefault(subject, _level));
    }

    private static RegistryResult<RegisteredSchema> Version(EmbeddedRegistryFile file, string subject, int version)
    {
        if (!file.Subjects.TryGetValue(subject, out var ids) || version < 1 || version > ids.Count)
        {
            return new RegistryResult<RegisteredSchema>.NotFound($"subject {subject} version {version}");
        }

        var id = ids[version - 1];
        return new RegistryResult<RegisteredSchema>.Found(new RegisteredSchema(subject, version, id, SchemaText.Parse(file.Schemas[id])));
    }
}
