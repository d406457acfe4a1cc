using System.Diagnostics;
using System.Globalization;

namespace Streaming.Benchmarks.Latency;

/// <summary>A node of its own on a free port, over simulated history in a temporary folder; a second process writes live events.</summary>
internal sealed class OwnNode : IAsyncDisposable
{
    private static readonly TimeSpan s_limit = TimeSpan.FromMinutes(3);
    private readonly string _folder = Directory.CreateTempSubdirectory("streaming-latency-").FullName;
    private readonly List<Process> _processes = [];

    /// <summary>Writes seven days of history, starts the node and waits until it is ready; then live events begin.</summary>
    public static async Task<(OwnNode Node, Uri Address)> StartAsync(int eventRate)
    {
        var node = new OwnNode();
        try
        {
            await node.WriteHistoryAsync();
            var address = await node.RunAsync();
            await ReadyAsync(address);
            if (eventRate > 0)
            {
                node.Start("seed", "--history", "0", "--rate", eventRate.ToString(CultureInfo.InvariantCulture));
            }

            return (node, address);
        }
        catch
        {
            await node.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var process in _processes)
        {
            if (!process.HasExited)
            {
                process.Kill(entireProcessTree: true);
            }

            await process.WaitForExitAsync();
            process.Dispose();
        }

        Directory.Delete(_folder, recursive: true);
    }

    private async Task WriteHistoryAsync()
    {
        using var limit = new CancellationTokenSource(s_limit);
        var seed = Start("seed", "--history", "7d", "--rate", "0");
        await seed.WaitForExitAsync(limit.Token);
        if (seed.ExitCode != 0)
        {
            throw new InvalidOperationException($"streaming seed ended with {seed.ExitCode}");
        }
    }

    private async Task<Uri> RunAsync()
    {
        var found = new TaskCompletionSource<Uri>(TaskCreationOptions.RunContinuationsAsynchronously);
        Start(["run", "--port", "0"], line =>
        {
            if (line.Split(' ').FirstOrDefault(word => word.StartsWith("http://127.0.0.1:", StringComparison.Ordinal)) is { } word)
            {
                found.TrySetResult(new Uri(word));
            }
        });
        return await found.Task.WaitAsync(s_limit);
    }

    private Process Start(params string[] arguments) => Start(arguments, _ => { });

    private Process Start(string[] arguments, Action<string> onLine)
    {
        var start = new ProcessStartInfo(Path.Combine(LatencyTestOptions.Root, "bin", "streaming"), arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = LatencyTestOptions.Root,
        };
        start.Environment["STREAMING_DATA"] = _folder;
        var process = Process.Start(start)!;
        _processes.Add(process);
        void Take(object sender, DataReceivedEventArgs line)
        {
            if (line.Data is { } text)
            {
                onLine(text);
            }
        }

        process.OutputDataReceived += Take;
        process.ErrorDataReceived += Take;
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return process;
    }

    private static async Task ReadyAsync(Uri address)
    {
        using var client = new HttpClient { BaseAddress = address };
        using var limit = new CancellationTokenSource(s_limit);
        using var poll = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        while (!(await client.GetAsync(new Uri("health/ready", UriKind.Relative), limit.Token)).IsSuccessStatusCode)
        {
            await poll.WaitForNextTickAsync(limit.Token);
        }
    }
}
