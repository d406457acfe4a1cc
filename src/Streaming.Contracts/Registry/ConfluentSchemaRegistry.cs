using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json.Nodes;
using Avro;
using Streaming.Contracts.Schemas;

namespace Streaming.Contracts.Registry;

/// <summary>
/// The REST API of Confluent's schema registry (and of those that speak it: Karapace, Apicurio, Redpanda). Every request ends within the
/// settings' time-out; the client holds connections and is to be kept for as long as the process.
/// </summary>
public sealed class ConfluentSchemaRegistry : ISchemaRegistry, IDisposable
{
    private readonly RegistryHttp _http;

    /// <param name="settings">Where, who, how long.</param>
    /// <param name="handler">What carries the requests; null for sockets. The registry disposes of it.</param>
    public ConfluentSchemaRegistry(SchemaRegistrySettings settings, HttpMessageHandler? handler = null) => _http = new RegistryHttp(settings, handler);

    /// <inheritdoc/>
    public Task<RegistryResult<int>> RegisterAsync(string subject, Schema schema, CancellationToken cancellation) => _http.SendAsync(
        HttpMethod.Post, $"subjects/{Escape(subject)}/versions", SchemaBody(schema), json => Found((int)Member(json, "id")), cancellation);

    /// <inheritdoc/>
    public Task<RegistryResult<Schema>> GetByIdAsync(int id, CancellationToken cancellation) => _http.SendAsync(
        HttpMethod.Get, string.Create(CultureInfo.InvariantCulture, $"schemas/ids/{id}"), null, json => Parsed(json, schema => schema), cancellation);

    /// <inheritdoc/>
    public Task<RegistryResult<ImmutableArray<int>>> GetVersionsAsync(string subject, CancellationToken cancellation) => _http.SendAsync(
        HttpMethod.Get,
        $"subjects/{Escape(subject)}/versions",
        null,
        json => Found(json.AsArray().Select(version => (int)version!).Order().ToImmutableArray()),
        cancellation);

    /// <inheritdoc/>
    public Task<RegistryResult<RegisteredSchema>> GetVersionAsync(string subject, int version, CancellationToken cancellation) =>
        GetVersionAsync(subject, version.ToString(CultureInfo.InvariantCulture), cancellation);

    /// <inheritdoc/>
    public Task<RegistryResult<RegisteredSchema>> GetLatestAsync(string subject, CancellationToken cancellation) =>
        GetVersionAsync(subject, "latest", cancellation);

    /// <inheritdoc/>
    public async Task<RegistryResult<CompatibilityReport>> CheckCompatibilityAsync(string subject, Schema schema, CancellationToken cancellation)
    {
        var result = await _http.SendAsync(
            HttpMethod.Post, $"compatibility/subjects/{Escape(subject)}/versions?verbose=true", SchemaBody(schema), json => Found(Report(json)), cancellation);
        return result is RegistryResult<CompatibilityReport>.NotFound ? Found(new CompatibilityReport(true, [])) : result;
    }

    /// <inheritdoc/>
    public Task<RegistryResult<CompatibilityLevel>> GetLevelAsync(string subject, CancellationToken cancellation) => _http.SendAsync(
        HttpMethod.Get, $"config/{Escape(subject)}?defaultToGlobal=true", null, json => Found(Level(Member(json, "compatibilityLevel"))), cancellation);

    /// <inheritdoc/>
    public Task<RegistryResult<CompatibilityLevel>> SetLevelAsync(string subject, CompatibilityLevel level, CancellationToken cancellation) => _http.SendAsync(
        HttpMethod.Put,
        $"config/{Escape(subject)}",
        new JsonObject { ["compatibility"] = CompatibilityLevels.Write(level) },
        json => Found(Level(Member(json, "compatibility"))),
        cancellation);

    /// <inheritdoc/>
    public void Dispose() => _http.Dispose();

    private Task<RegistryResult<RegisteredSchema>> GetVersionAsync(string subject, string version, CancellationToken cancellation) => _http.SendAsync(
        HttpMethod.Get,
        $"subjects/{Escape(subject)}/versions/{version}",
        null,
        json => Parsed(json, schema => new RegisteredSchema(subject, (int)Member(json, "version"), (int)Member(json, "id"), schema)),
        cancellation);

    /// <summary>A schema of another kind, or one that Apache.Avro refuses, is the registry's content and no outage.</summary>
    private static RegistryResult<T> Parsed<T>(JsonNode json, Func<Schema, T> make)
    {
        if ((string?)json["schemaType"] is { } type and not "AVRO")
        {
            return Invalid<T>($"the registry has a schema of type {type} there; only AVRO can be read");
        }

        if (json["references"] is JsonArray { Count: > 0 })
        {
            return Invalid<T>("the schema refers to others; write it in one piece");
        }

        return SchemaText.TryParse((string)Member(json, "schema")!, out var schema, out var fault) ? Found(make(schema)) : Invalid<T>(fault);
    }

    private static CompatibilityReport Report(JsonNode json) =>
        new((bool)Member(json, "is_compatible"), [.. (json["messages"] as JsonArray ?? []).Select(message => (string)message!)]);

    private static CompatibilityLevel Level(JsonNode text) =>
        CompatibilityLevels.Parse((string?)text) ?? throw new FormatException($"unknown compatibility level {text}");

    private static RegistryResult<T> Found<T>(T value) => new RegistryResult<T>.Found(value);

    private static RegistryResult<T>.Rejected Invalid<T>(string detail) => new(RegistryRejection.InvalidSchema, detail);

    private static JsonNode Member(JsonNode json, string name) => json[name] ?? throw new FormatException($"the answer has no {name}");

    private static JsonObject SchemaBody(Schema schema) => new() { ["schema"] = schema.ToString() };

    private static string Escape(string subject) => Uri.EscapeDataString(subject);
}
