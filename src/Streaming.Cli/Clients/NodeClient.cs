using System.CommandLine;
using System.Net;
using System.Text;
using System.Text.Json;
using Streaming.Cli.Shell;

namespace Streaming.Cli.Clients;

/// <summary>Asks a running node over HTTP.</summary>
internal sealed class NodeClient : IDisposable
{
    private const string Standard = "http://127.0.0.1:8080";
    private static readonly TimeSpan s_timeout = TimeSpan.FromSeconds(10);
    private readonly HttpClient _http;

    /// <param name="node">The node's URL.</param>
    /// <exception cref="CliFailure">The text cannot be read.</exception>
    public NodeClient(string node)
    {
        var isUrl = Uri.TryCreate(node, UriKind.Absolute, out var url) && url.Scheme is "http" or "https";
        _http = isUrl
            ? new HttpClient { BaseAddress = AsDirectory(url!), Timeout = s_timeout }
            : throw new CliFailure(ExitCode.Usage, $"--node is '{node}', expected a URL such as {Standard}");
    }

    /// <summary>The option that names the node.</summary>
    public static Option<string?> NodeOption(Terminal terminal) =>
        CliOptions.Text("--node", "URL", $"The node to ask; also STREAMING_NODE. (default: {Standard})") is var option
            && terminal.Environment("STREAMING_NODE") is { Length: > 0 } named
            ? With(option, named)
            : With(option, Standard);

    /// <summary>Reads a resource.</summary>
    /// <exception cref="CliFailure">The node does not answer, or with a problem.</exception>
    public Task<JsonDocument> GetAsync(string path, CancellationToken cancellation) =>
        SendAsync(new HttpRequestMessage(HttpMethod.Get, path), cancellation);

    /// <summary>Posts JSON.</summary>
    /// <exception cref="CliFailure">The node does not answer, or with a problem.</exception>
    public Task<JsonDocument> PostAsync(string path, string json, CancellationToken cancellation) =>
        SendAsync(
            new HttpRequestMessage(HttpMethod.Post, path) { Content = new StringContent(json, Encoding.UTF8, "application/json") },
            cancellation);

    /// <inheritdoc/>
    public void Dispose() => _http.Dispose();

    // Paths are added to a gateway's prefix as to a directory. Left out: user and password, which must not show in messages.
    private static Uri AsDirectory(Uri url) =>
        new(url.GetComponents(UriComponents.SchemeAndServer | UriComponents.Path, UriFormat.UriEscaped).TrimEnd('/') + "/");

    private static Option<string?> With(Option<string?> option, string node)
    {
        option.DefaultValueFactory = _ => node;
        return option;
    }

    private async Task<JsonDocument> SendAsync(HttpRequestMessage request, CancellationToken cancellation)
    {
        try
        {
            using var response = await _http.SendAsync(request, cancellation);
            var text = await response.Content.ReadAsStringAsync(cancellation);
            return response.IsSuccessStatusCode ? JsonDocument.Parse(text) : throw Refused(response.StatusCode, text);
        }
        catch (HttpRequestException error)
        {
            throw new CliFailure(
                ExitCode.Unreachable,
                $"no node answers at {_http.BaseAddress} ({error.Message}); start one with 'streaming run', or name it with --node URL",
                error);
        }
        catch (TaskCanceledException error) when (!cancellation.IsCancellationRequested)
        {
            throw new CliFailure(
                ExitCode.Unreachable,
                $"the node at {_http.BaseAddress} did not answer within {s_timeout.TotalSeconds:0} s; look at its log",
                error);
        }
        catch (JsonException error)
        {
            throw new CliFailure(ExitCode.Failed, $"the server at {_http.BaseAddress} is not a streaming node: {error.Message}", error);
        }
    }

    private CliFailure Refused(HttpStatusCode status, string text)
    {
        var code = status switch
        {
            HttpStatusCode.ServiceUnavailable or HttpStatusCode.TooManyRequests => ExitCode.Unreachable,
            >= HttpStatusCode.InternalServerError => ExitCode.Failed,
            _ => ExitCode.Usage,
        };
        return new CliFailure(code, $"the node at {_http.BaseAddress} answered {(int)status}: {DetailOf(text)}");
    }

    /// <summary>What a problem says; the text itself where it is none.</summary>
    internal static string DetailOf(string text)
    {
        try
        {
            using var problem = JsonDocument.Parse(text);
            var root = problem.RootElement;
            var detail = root.TryGetProperty("detail", out var found) ? found.GetString() : null;
            var faults = root.TryGetProperty("faults", out var all)
                ? string.Join("; ", all.EnumerateArray().Select(fault => fault.GetString()))
                : "";
            return faults.Length > 0 ? $"{detail} ({faults})" : detail ?? text;
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            return text.Length > 200 ? text[..200] : text;
        }
    }
}
