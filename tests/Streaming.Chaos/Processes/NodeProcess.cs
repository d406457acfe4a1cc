using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Text.Json;

namespace Streaming.Chaos.Processes;

/// <summary>A node: the `streaming run` of this build as a process of its own.</summary>
internal sealed class NodeProcess : IAsyncDisposable
{
    private static readonly TimeSpan s_startLimit = TimeSpan.FromSeconds(90);
    private readonly TaskCompletionSource<Uri> _url = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly HttpClient _client = new() { Timeout = TimeSpan.FromSeconds(10) };

    private NodeProcess(ProcessStartInfo start, Action<string> line) => Process = new ChildProcess(start, each =>
    {
        Look(each);
        line(each);
    });

    /// <summary>The process.</summary>
    public ChildProcess Process { get; }

    /// <summary>Asks it; usable once it listens.</summary>
    public HttpClient Client => _client;

    /// <summary>Begins a start.</summary>
    /// <param name="config">The file of settings.</param>
    /// <param name="data">The directory of the embedded log and registry.</param>
    /// <param name="features">The directory of the definitions.</param>
    /// <param name="line">Called with each line that it prints.</param>
    public static NodeProcess Begin(string config, string data, string features, Action<string> line)
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "Streaming.Cli.dll"), "run", "--port", "0", "--config", config])
        {
            WorkingDirectory = Repository.Root,
        };
        start.Environment["STREAMING_DATA"] = data;
        start.Environment["STREAMING_FEATURES"] = features;
        return new NodeProcess(start, line);
    }

    /// <summary>Waits until it listens; false where it ends before.</summary>
    public async Task<bool> ListensAsync()
    {
        var clock = Stopwatch.StartNew();
        while (!_url.Task.IsCompleted)
        {
            if (Process.HasExited)
            {
                return false;
            }

            if (clock.Elapsed > s_startLimit)
            {
                throw new TimeoutException($"a node did not print its address within {s_startLimit}: {Process.Output}");
            }

            await Task.Delay(20);
        }

        _client.BaseAddress ??= await _url.Task;
        return true;
    }

    /// <summary>Whether its engine runs; null where it does not answer.</summary>
    public async Task<bool?> IsLiveAsync() => await GetAsync("health/live") is { } status ? status == HttpStatusCode.OK : null;

    /// <summary>Whether it is ready.</summary>
    public async Task<bool> IsReadyAsync() => await GetAsync("health/ready") == HttpStatusCode.OK;

    /// <summary>Its /status; null where it does not answer.</summary>
    public async Task<JsonDocument?> StatusAsync()
    {
        try
        {
            return JsonDocument.Parse(await _client.GetStringAsync(new Uri("status", UriKind.Relative)));
        }
        catch (Exception away) when (IsAway(away))
        {
            return null;
        }
    }

    /// <summary>The sum of a counter over its labels; 0 where it does not answer.</summary>
    public async Task<long> CountAsync(string counter)
    {
        try
        {
            return (await _client.GetStringAsync(new Uri("metrics", UriKind.Relative))).Split('\n')
                .Where(line => line.StartsWith(counter, StringComparison.Ordinal))
                .Sum(static line => long.Parse(line.AsSpan(line.LastIndexOf(' ') + 1), CultureInfo.InvariantCulture));
        }
        catch (Exception away) when (IsAway(away))
        {
            return 0;
        }
    }

    /// <summary>Whether an exception means that the node, or its answer, is gone: it was killed, or is frozen.</summary>
    public static bool IsAway(Exception failure) => failure is HttpRequestException or TaskCanceledException or IOException or ObjectDisposedException;

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await Process.DisposeAsync();
        _client.Dispose();
    }

    private async Task<HttpStatusCode?> GetAsync(string path)
    {
        try
        {
            using var answer = await _client.GetAsync(new Uri(path, UriKind.Relative));
            return answer.StatusCode;
        }
        catch (Exception away) when (IsAway(away))
        {
            return null;
        }
    }

    private void Look(string line)
    {
        if (line.Split(' ').FirstOrDefault(word => word.StartsWith("http://127.0.0.1:", StringComparison.Ordinal)) is { } word
            && Uri.TryCreate(word, UriKind.Absolute, out var url))
        {
            _url.TrySetResult(url);
        }
    }
}
