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
        subject, path => Send(HttpMethod.Post, $"subjects/{path}/versions", Body(schema)), (_, json) => Found(IdOf(json)), cancellation);

    /// <inheritdoc/>
    public Task<RegistryResult<Schema>> GetByIdAsync(int id, CancellationToken cancellation) => id < 0
        ? Task.FromResult(BeyondIds(id))
        : _answers.OfAsync(
            Send(HttpMethod.Get, FormattableString.Invariant($"schemas/ids/{id}")), json => Parsed(json, schema => schema), cancellation);

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
            path => Send(HttpMethod.Post, $"compatibility/subjects/{path}/versions?verbose=true", Body(schema)),
            (_, json) => Found(Report(json)),
            cancellation);
        return result is RegistryResult<CompatibilityReport>.NotFound ? Found(new CompatibilityReport(true, [])) : result;
    }

    /// <inheritdoc/>
    public Task<RegistryResult<CompatibilityLevel>> GetLevelAsync(string subject, CancellationToken cancellation) => OfSubjectAsync(
        subject,
        path => Send(HttpMethod.Get, $"config/{path}?defaultToGlobal=true"),
        (_, json) => Found(Level(json, "compatibilityLevel")),
        cancellation);

    /// <inheritdoc/>
    public Task<RegistryResult<CompatibilityLevel>> SetLevelAsync(
        string subject, CompatibilityLevel level, CancellationToken cancellation) =>
        OfSubjectAsync(
            subject,
            path => Send(HttpMethod.Put, $"config/{path}", new { compatibility = CompatibilityLevels.Write(level) }),
            (_, json) => Found(Level(json, "compatibility")),
            cancellation);

    /// <inheritdoc/>
    public void Dispose() => _transport.Dispose();

    private Task<RegistryResult<RegisteredSchema>> GetVersionAsync(string subject, string version, CancellationToken cancellation) =>
        OfSubjectAsync(
            subject,
            path => Send(HttpMethod.Get, $"subjects/{path}/versions/{version}"),
            (name, json) => Parsed(json, schema => new RegisteredSchema(name, (int)Member(json, "version"), IdOf(json), schema)),
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

    /// <summary>A schema of another kind, or one that Apache.Avro refuses, is the registry's content and no outage.</summary>
    private static RegistryResult<T> Parsed<T>(JObject json, Func<Schema, T> make)
    {
        if ((string?)json["schemaType"] is { } type and not "AVRO")
        {
            return Invalid<T>($"the registry has a schema of type {type} there; only AVRO can be read");
        }

        if (json["references"] is JArray { Count: > 0 } references)
        {
            var subjects = string.Join(", ", references.Select(reference => reference["subject"]));
            return Invalid<T>($"the schema refers to {subjects}; write it in one piece");
        }

        return SchemaText.TryParse((string)Member(json, "schema")!, out var schema, out var fault)
            ? Found(make(schema))
            : Invalid<T>(fault);
    }

    private static CompatibilityReport Report(JObject json) =>
        new((bool)Member(json, "is_compatible"), [.. (json["messages"] as JArray ?? []).Select(message => (string)message!)]);

    private static CompatibilityLevel Level(JObject json, string member) => CompatibilityLevels.Parse((string?)Member(json, member))
        ?? throw new FormatException($"unknown compatibility level {json[member]}");

    private static int IdOf(JObject json) => (long)Member(json, "id") is >= 0 and <= int.MaxValue and var id
        ? (int)id
        : throw new FormatException($"the id {json["id"]} does not fit the wire format, whose ids end at {int.MaxValue}");

    private static RegistryResult<T> Found<T>(T value) => new RegistryResult<T>.Found(value);

    private static RegistryResult<T>.Rejected Invalid<T>(string detail) => new(RegistryRejection.InvalidSchema, detail);

    private static JToken Member(JObject json, string name) => json[name] ?? throw new FormatException($"the answer has no {name}");

    private static object Body(Schema schema) => new { schema = schema.ToString() };
}
