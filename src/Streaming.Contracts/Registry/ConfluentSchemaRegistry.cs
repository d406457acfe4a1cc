using System.Collections.Immutable;
using Avro;
using Newtonsoft.Json.Linq;
using Streaming.Contracts.Schemas;

namespace Streaming.Contracts.Registry;

/// <summary>
/// Confluent's schema registry (and those that speak its API: Karapace, Apicurio, Redpanda). Every request ends within the settings'
/// time-out. The client holds connections; keep one for the life of the process. The subject of a topic is the one that the
/// registry associates with it, if it does.
/// </summary>
public sealed class ConfluentSchemaRegistry : ISchemaRegistry, IDisposable
{
    private readonly RegistryTransport _transport;
    private readonly RegistryAnswers _answers;
    private readonly AssociatedSubjects _subjects;

    /// <param name="settings">Where, who, how long.</param>
    /// <exception cref="ArgumentException">A file of certificates cannot be used.</exception>
    public ConfluentSchemaRegistry(SchemaRegistrySettings settings)
    {
        _transport = new RegistryTransport(settings);
        _answers = new RegistryAnswers(settings);
        _subjects = new AssociatedSubjects(_transport, _answers);
    }

    /// <inheritdoc/>
    public Task<RegistryResult<int>> RegisterAsync(string subject, Schema schema, CancellationToken cancellation) => OfSubjectAsync(
        subject,
        path => Send(HttpMethod.Post, $"subjects/{path}/versions", RegistryJson.Body(schema)),
        (_, json) => Found(RegistryJson.IdOf(json)),
        cancellation);

    /// <inheritdoc/>
    public Task<RegistryResult<Schema>> GetByIdAsync(int id, CancellationToken cancellation) => id < 0
        ? Task.FromResult(BeyondIds(id))
        : _answers.OfAsync(
            Send(HttpMethod.Get, FormattableString.Invariant($"schemas/ids/{id}")),
            json => RegistryJson.Parsed(json, schema => schema),
            cancellation);

    /// <inheritdoc/>
    public Task<RegistryResult<ImmutableArray<int>>> GetVersionsAsync(string subject, CancellationToken cancellation) => OfSubjectAsync(
        subject,
        path => _transport.ListAsync<int>($"subjects/{path}/versions"),
        (_, versions) => Found(versions.Order().ToImmutableArray()),
        cancellation);

    /// <inheritdoc/>
    public Task<RegistryResult<RegisteredSchema>> GetVersionAsync(string subject, int version, CancellationToken cancellation) =>
        GetVersionAsync(subject, FormattableString.Invariant($"{version}"), cancellation);

    /// <inheritdoc/>
    public Task<RegistryResult<RegisteredSchema>> GetLatestAsync(string subject, CancellationToken cancellation) =>
        GetVersionAsync(subject, "latest", cancellation);

    /// <inheritdoc/>
    public async Task<RegistryResult<CompatibilityReport>> CheckCompatibilityAsync(
        string subject, Schema schema, CancellationToken cancellation)
    {
        var result = await OfSubjectAsync(
            subject,
            path => Send(HttpMethod.Post, $"compatibility/subjects/{path}/versions?verbose=true", RegistryJson.Body(schema)),
            (_, json) => Found(RegistryJson.Report(json)),
            cancellation);
        return result is RegistryResult<CompatibilityReport>.NotFound ? Found(new CompatibilityReport(true, [])) : result;
    }

    /// <inheritdoc/>
    public Task<RegistryResult<CompatibilityLevel>> GetLevelAsync(string subject, CancellationToken cancellation) => OfSubjectAsync(
        subject,
        path => Send(HttpMethod.Get, $"config/{path}?defaultToGlobal=true"),
        (_, json) => Found(RegistryJson.Level(json, "compatibilityLevel")),
        cancellation);

    /// <inheritdoc/>
    public Task<RegistryResult<CompatibilityLevel>> SetLevelAsync(
        string subject, CompatibilityLevel level, CancellationToken cancellation) =>
        OfSubjectAsync(
            subject,
            path => Send(HttpMethod.Put, $"config/{path}", new { compatibility = CompatibilityLevels.Write(level) }),
            (_, json) => Found(RegistryJson.Level(json, "compatibility")),
            cancellation);

    /// <inheritdoc/>
    public void Dispose() => _transport.Dispose();

    private Task<RegistryResult<RegisteredSchema>> GetVersionAsync(string subject, string version, CancellationToken cancellation) =>
        OfSubjectAsync(
            subject,
            path => Send(HttpMethod.Get, $"subjects/{path}/versions/{version}"),
            RegistryJson.Version,
            cancellation);

    private async Task<RegistryResult<T>> OfSubjectAsync<TAnswer, T>(
        string subject, Func<string, Task<TAnswer>> ask, Func<string, TAnswer, RegistryResult<T>> read, CancellationToken cancellation) =>
        await _subjects.OfAsync(subject, cancellation) switch
        {
            RegistryResult<string>.Found { Value: var name } =>
                await _answers.OfAsync(ask(Uri.EscapeDataString(name)), answer => read(name, answer), cancellation),
            RegistryResult<string>.Unavailable away => new RegistryResult<T>.Unavailable(away.Reason, away.Inner),
            RegistryResult<string>.Rejected rejected => new RegistryResult<T>.Rejected(rejected.Reason, rejected.Detail),
            _ => new RegistryResult<T>.NotFound(subject),
        };

    private Task<JObject> Send(HttpMethod method, string path, params object[] body) => _transport.SendAsync<JObject>(method, path, body);

    private static RegistryResult<Schema> BeyondIds(int id) => new RegistryResult<Schema>.NotFound(
        $"schema {(uint)id}: ids end at {int.MaxValue}, so no client of the registry wrote this event");

    private static RegistryResult<T> Found<T>(T value) => new RegistryResult<T>.Found(value);
}
