using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Streaming.Contracts.Registry;

/// <summary>One request to the REST API, and what its answer means.</summary>
internal sealed class RegistryHttp : IDisposable
{
    private const string MediaType = "application/vnd.schemaregistry.v1+json";

    /// <summary>A schema is a few kilobytes; an endless answer is a fault.</summary>
    private const int MaxAnswerBytes = 16 * 1024 * 1024;

    private readonly HttpClient _client;
    private readonly SchemaRegistrySettings _settings;

    public RegistryHttp(SchemaRegistrySettings settings, HttpMessageHandler? handler)
    {
        _settings = settings;
        _client = new HttpClient(handler ?? new SocketsHttpHandler { PooledConnectionLifetime = TimeSpan.FromMinutes(5) })
        {
            BaseAddress = new Uri(settings.Url.AbsoluteUri.TrimEnd('/') + "/"),
            Timeout = settings.Timeout,
            MaxResponseContentBufferSize = MaxAnswerBytes,
        };
        _client.DefaultRequestHeaders.Accept.ParseAdd(MediaType);
        if (settings.User is not null)
        {
            var credentials = Convert.ToBase64String(Encoding.UTF8.GetBytes($"{settings.User}:{settings.Password}"));
            _client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Basic", credentials);
        }
    }

    public async Task<RegistryResult<T>> SendAsync<T>(
        HttpMethod method,
        string path,
        JsonObject? body,
        Func<JsonNode, RegistryResult<T>> read,
        CancellationToken cancellation)
    {
        try
        {
            using var request = new HttpRequestMessage(method, path);
            request.Content = body is null ? null : new StringContent(body.ToJsonString(), Encoding.UTF8, MediaType);
            using var response = await _client.SendAsync(request, cancellation);
            var text = await response.Content.ReadAsStringAsync(cancellation);
            return response.IsSuccessStatusCode ? read(Parse(text)) : Refused<T>(response.StatusCode, path, text);
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            throw;
        }
        catch (Exception error) when (error is HttpRequestException or OperationCanceledException or IOException)
        {
            return new RegistryResult<T>.Unavailable($"no answer from {_settings.Url} to {method} /{path} within {_settings.Timeout}: {error.Message}", error);
        }
        catch (Exception error) when (error is JsonException or FormatException or InvalidOperationException)
        {
            return new RegistryResult<T>.Unavailable($"{_settings.Url} answers {method} /{path} with something else than a schema registry would; check the URL", error);
        }
    }

    public void Dispose() => _client.Dispose();

    private static JsonNode Parse(string text) => JsonNode.Parse(text) ?? throw new FormatException("the answer is null");

    /// <summary>The closed set that error codes fall into; the API's five-digit codes begin with the status.</summary>
    private RegistryResult<T> Refused<T>(HttpStatusCode status, string path, string text)
    {
        var (code, message) = ErrorOf(text, (int)status);
        return code switch
        {
            40401 or 40402 or 40403 or 40408 => new RegistryResult<T>.NotFound($"{path}: {message} ({code})"),
            409 or 40901 => new RegistryResult<T>.Rejected(RegistryRejection.Incompatible, message),
            42201 => new RegistryResult<T>.Rejected(RegistryRejection.InvalidSchema, message),
            42202 or 42203 or 42205 => new RegistryResult<T>.Rejected(RegistryRejection.InvalidRequest, message),
            401 or 403 or 40101 or 40301 => new RegistryResult<T>.Unavailable(
                $"{_settings.Url} does not let us in ({code} {message}); check schema.registry's user and password", null),
            _ => new RegistryResult<T>.Unavailable($"{_settings.Url} answers /{path} with {code} {message}", null),
        };
    }

    /// <summary>A proxy's page is no JSON: then the status speaks. Its bare 404 is no answer about a schema.</summary>
    private static (int Code, string Message) ErrorOf(string text, int status)
    {
        try
        {
            var json = JsonNode.Parse(text) as JsonObject;
            return ((int?)json?["error_code"] ?? status, (string?)json?["message"] ?? "");
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException or FormatException)
        {
            return (status, "");
        }
    }
}
