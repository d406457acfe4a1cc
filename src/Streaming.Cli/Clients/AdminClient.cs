using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using Streaming.Cli.Settings;
using Streaming.Cli.Shell;
using Streaming.Node.Admin;

namespace Streaming.Cli.Clients;

/// <summary>Asks the node of this machine that works on the same data, over its admin server.</summary>
internal sealed class AdminClient : IDisposable
{
    private static readonly TimeSpan s_timeout = TimeSpan.FromSeconds(30);
    private static readonly JsonSerializerOptions s_json = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };
    private readonly HttpClient _http;

    private AdminClient(HttpClient http) => _http = http;

    /// <summary>The node; null where none runs on this data.</summary>
    /// <exception cref="CliFailure">Its token is another user's.</exception>
    public static async Task<AdminClient?> FindAsync(CliSettings settings, CancellationToken cancellation)
    {
        if (Files(settings) is not var (token, address))
        {
            return null;
        }

        var client = new AdminClient(new HttpClient { BaseAddress = address, Timeout = s_timeout });
        client._http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        try
        {
            using var answer = await client._http.GetAsync("ping", cancellation);
            if (answer.StatusCode == HttpStatusCode.OK)
            {
                return client;
            }
        }
        catch (HttpRequestException)
        {
            // A node that was killed leaves its address.
        }
        catch (TaskCanceledException late) when (!cancellation.IsCancellationRequested)
        {
            client.Dispose();
            throw new CliFailure(
                ExitCode.Unreachable,
                $"the node at {address} did not answer within {s_timeout.TotalSeconds:0} s; look at its log",
                late);
        }

        client.Dispose();
        return null;
    }

    /// <summary>The failure where a node is needed and none runs.</summary>
    public static CliFailure NoNode(CliSettings settings) => new(
        ExitCode.Unreachable,
        $"no node runs on {settings.Node.Embedded.Directory} (streaming.admin); start one with 'streaming run', or name its data " +
        "directory (STREAMING_DATA, --config)");

    /// <summary>Reads a resource.</summary>
    /// <exception cref="CliFailure">The node does not answer, or refuses.</exception>
    public Task<T> GetAsync<T>(string path, CancellationToken cancellation) => SendAsync<T>(HttpMethod.Get, path, cancellation);

    /// <summary>Sends a command.</summary>
    /// <exception cref="CliFailure">The node does not answer, or refuses.</exception>
    public async Task<T> SendAsync<T>(HttpMethod method, string path, CancellationToken cancellation)
    {
        using var answer = await SendAsync(new HttpRequestMessage(method, path), cancellation);
        return (await JsonSerializer.DeserializeAsync<T>(await answer.Content.ReadAsStreamAsync(cancellation), s_json, cancellation))!;
    }

    /// <summary>Reads the states of a type, each as it comes.</summary>
    /// <returns>The event time that the node remembers entities of the type since, in milliseconds.</returns>
    /// <exception cref="CliFailure">The node does not answer, or ends the answer too early.</exception>
    public async Task<long> ReadStatesAsync(string type, Action<byte[], byte[]> add, CancellationToken cancellation)
    {
        using var answer = await SendAsync(new HttpRequestMessage(HttpMethod.Get, $"states/{type}"), cancellation);
        return await StateFrames.ReadAsync(await answer.Content.ReadAsStreamAsync(cancellation), add, cancellation);
    }

    /// <inheritdoc/>
    public void Dispose() => _http.Dispose();

    private static (string Token, Uri Address)? Files(CliSettings settings)
    {
        var files = new AdminFiles(settings.Node.Embedded.Directory);
        try
        {
            return files.Read();
        }
        catch (Exception error) when (error is UnauthorizedAccessException or IOException)
        {
            throw new CliFailure(ExitCode.Failed, $"{files.Folder}: {error.Message}; run the command as the user of the node", error);
        }
    }

    private async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellation)
    {
        HttpResponseMessage answer;
        try
        {
            answer = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellation);
        }
        catch (Exception error) when (
            error is HttpRequestException || (error is TaskCanceledException && !cancellation.IsCancellationRequested))
        {
            throw new CliFailure(
                ExitCode.Unreachable, $"the node does not answer at {_http.BaseAddress} ({error.Message}); look at its log", error);
        }

        if (answer.IsSuccessStatusCode)
        {
            return answer;
        }

        using (answer)
        {
            var code = answer.StatusCode switch
            {
                HttpStatusCode.ServiceUnavailable or HttpStatusCode.Conflict => ExitCode.Unreachable,
                HttpStatusCode.BadRequest => ExitCode.Usage,
                _ => ExitCode.Failed,
            };
            var text = await answer.Content.ReadAsStringAsync(cancellation);
            var detail = text.Length > 0 ? NodeClient.DetailOf(text) : answer.ReasonPhrase;
            throw new CliFailure(code, $"the node refuses ({(int)answer.StatusCode}): {detail}");
        }
    }
}
