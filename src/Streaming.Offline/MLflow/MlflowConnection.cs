using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Streaming.Scoring.Registry;

namespace Streaming.Offline.MLflow;

/// <summary>Sends requests to an MLflow server, and turns its refusals into one line each.</summary>
internal sealed class MlflowConnection : IDisposable
{
    private static readonly TimeSpan s_connectWithin = TimeSpan.FromSeconds(15);
    private readonly HttpClient _http;
    private readonly MlflowSettings _settings;

    /// <exception cref="RegistryException">A certificate cannot be read.</exception>
    public MlflowConnection(MlflowSettings settings)
    {
        _settings = settings;
        _http = new HttpClient(HandlerOf(settings)) { BaseAddress = settings.Server, Timeout = settings.Timeout };
        if (settings.Authorization() is var (scheme, value))
        {
            _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue(scheme, value);
        }
    }

    /// <summary>The server, for messages.</summary>
    public string Where => _settings.Server.ToString();

    /// <summary>Asks.</summary>
    /// <param name="path">Below <c>api/2.0/mlflow/</c>, with its query.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <exception cref="RegistryException">There is no answer, or a refusal.</exception>
    public Task<JsonObject> GetAsync(string path, CancellationToken cancellation) =>
        AskAsync(() => new HttpRequestMessage(HttpMethod.Get, "api/2.0/mlflow/" + path), cancellation);

    /// <summary>Sends a body.</summary>
    /// <exception cref="RegistryException">There is no answer, or a refusal.</exception>
    public Task<JsonObject> SendAsync(HttpMethod method, string path, JsonObject body, CancellationToken cancellation) => AskAsync(
        () => new HttpRequestMessage(method, "api/2.0/mlflow/" + path)
        {
            Content = new StringContent(body.ToJsonString(), Encoding.UTF8, "application/json"),
        },
        cancellation);

    /// <summary>Writes a file to the server's artifact proxy.</summary>
    /// <exception cref="RegistryException">There is no answer, or a refusal.</exception>
    public Task UploadAsync(string path, string file, CancellationToken cancellation) => AskAsync(
        () => new HttpRequestMessage(HttpMethod.Put, "api/2.0/mlflow-artifacts/artifacts/" + EscapePath(path))
        {
            Content = new StreamContent(File.OpenRead(file)) { Headers = { ContentType = new("application/octet-stream") } },
        },
        cancellation);

    /// <inheritdoc/>
    public void Dispose() => _http.Dispose();

    private static string EscapePath(string path) =>
        string.Join('/', path.Split('/', StringSplitOptions.RemoveEmptyEntries).Select(Uri.EscapeDataString));

    private static SocketsHttpHandler HandlerOf(MlflowSettings settings)
    {
        var handler = new SocketsHttpHandler { ConnectTimeout = s_connectWithin, AllowAutoRedirect = false };
        try
        {
            var authorities = new X509Certificate2Collection();
            if (settings.ServerCertificates.Length > 0)
            {
                authorities.ImportFromPemFile(settings.ServerCertificates);
                handler.SslOptions.CertificateChainPolicy = new X509ChainPolicy
                {
                    TrustMode = X509ChainTrustMode.CustomRootTrust,
                    RevocationMode = X509RevocationMode.NoCheck,
                };
                handler.SslOptions.CertificateChainPolicy.CustomTrustStore.AddRange(authorities);
            }

            if (settings.ClientCertificate.Length > 0)
            {
                handler.SslOptions.ClientCertificates = [X509Certificate2.CreateFromPemFile(settings.ClientCertificate)];
            }
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or CryptographicException)
        {
            throw new RegistryException(
                RegistryFault.Invalid,
                $"a certificate of MLflow cannot be read (MLFLOW_TRACKING_SERVER_CERT_PATH, _CLIENT_CERT_PATH): {error.Message}",
                error);
        }

        if (settings.IsInsecure)
        {
#pragma warning disable CA5359 // The operator asks for it by MLFLOW_TRACKING_INSECURE_TLS.
            handler.SslOptions.RemoteCertificateValidationCallback = static (_, _, _, _) => true;
#pragma warning restore CA5359
        }

        return handler;
    }

    private async Task<JsonObject> AskAsync(Func<HttpRequestMessage> make, CancellationToken cancellation)
    {
        try
        {
            using var request = make();
            using var answer = await _http.SendAsync(request, cancellation);
            var text = await answer.Content.ReadAsStringAsync(cancellation);
            return answer.IsSuccessStatusCode ? BodyOf(text) : throw MlflowRefusal.Of(Where, answer.StatusCode, text);
        }
        catch (HttpRequestException error)
        {
            throw new RegistryException(
                RegistryFault.Away,
                $"no MLflow server answers at {Where}: {error.GetBaseException().Message.TrimEnd('.')}; check MLFLOW_TRACKING_URI",
                error);
        }
        catch (TaskCanceledException error) when (!cancellation.IsCancellationRequested)
        {
            throw new RegistryException(
                RegistryFault.Away,
                $"the MLflow server at {Where} did not answer in time ({s_connectWithin.TotalSeconds:0.#} s for a connection, " +
                $"{_settings.Timeout.TotalSeconds:0.#} s for an answer); look at its log, or raise MLFLOW_HTTP_REQUEST_TIMEOUT",
                error);
        }
    }

    private JsonObject BodyOf(string text)
    {
        try
        {
            return text.Length == 0 ? [] : JsonNode.Parse(text) as JsonObject ?? throw new JsonException("it is no object");
        }
        catch (JsonException error)
        {
            throw new RegistryException(RegistryFault.Damaged, $"the server at {Where} is no MLflow server: {error.Message}", error);
        }
    }
}
