using System.Diagnostics;
using System.Text;

namespace Streaming.EndToEnd.Tests;

/// <summary>The `streaming` command as a process of its own, with its data in a folder of its own.</summary>
internal sealed class NodeProcess : IAsyncDisposable
{
    private static readonly TimeSpan s_limit = TimeSpan.FromMinutes(3);

    private readonly Process _process;
    private readonly StringBuilder _output = new();

    private NodeProcess(Process process) => _process = process;

    /// <summary>All that a node has printed.</summary>
    public string Output
    {
        get
        {
            lock (_output)
            {
                return _output.ToString();
            }
        }
    }

    /// <summary>The processor time that it has used.</summary>
    public TimeSpan Cpu
    {
        get
        {
            _process.Refresh();
            return _process.HasExited ? TimeSpan.MaxValue : _process.TotalProcessorTime;
        }
    }

    /// <summary>Whether it has ended.</summary>
    public bool HasExited => _process.HasExited;

    /// <summary>Starts a command and keeps what it prints.</summary>
    public static NodeProcess Begin(string folder, params string[] arguments)
    {
        var started = Start(folder, arguments);
        started._process.OutputDataReceived += started.Keep;
        started._process.ErrorDataReceived += started.Keep;
        started._process.BeginOutputReadLine();
        started._process.BeginErrorReadLine();
        return started;
    }

    /// <summary>Ends it as kill -9 does.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
    }

    /// <summary>Starts a node on a free port and waits for its address.</summary>
    public static async Task<(NodeProcess Node, Uri Url)> RunAsync(string folder, params string[] options)
    {
        var node = Start(folder, ["run", "--port", "0", .. options]);
        var url = new TaskCompletionSource<Uri>(TaskCreationOptions.RunContinuationsAsynchronously);
        void Look(object sender, DataReceivedEventArgs line)
        {
            node.Keep(sender, line);
            if (line.Data?.Split(' ').FirstOrDefault(word => word.StartsWith("http://127.0.0.1:", StringComparison.Ordinal)) is { } word)
            {
                url.TrySetResult(new Uri(word));
            }
        }

        node._process.OutputDataReceived += Look;
        node._process.ErrorDataReceived += Look;
        node._process.BeginOutputReadLine();
        node._process.BeginErrorReadLine();
        try
        {
            await Task.WhenAny(url.Task, node._process.WaitForExitAsync()).WaitAsync(s_limit);
            return url.Task.IsCompleted ? (node, await url.Task) : throw new InvalidOperationException($"the node ended by itself: {node.Output}");
        }
        catch (TimeoutException)
        {
            await node.DisposeAsync();
            throw new TimeoutException($"the node did not print its address within {s_limit}: {node._output}");
        }
    }

    /// <summary>Runs a command to its end; the result is its exit code and all it printed.</summary>
    public static async Task<(int ExitCode, string Output)> ExecuteAsync(string folder, params string[] arguments)
    {
        await using var command = Start(folder, arguments);
        var output = command._process.StandardOutput.ReadToEndAsync();
        var errors = command._process.StandardError.ReadToEndAsync();
        using var limit = new CancellationTokenSource(s_limit);
        await command._process.WaitForExitAsync(limit.Token);
        return (command._process.ExitCode, await output + await errors);
    }

    /// <summary>A file or folder of the repository, found upwards from the tests.</summary>
    public static string? FindUp(string path)
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (Path.Exists(Path.Combine(folder.FullName, path)))
            {
                return Path.Combine(folder.FullName, path);
            }
        }

        return null;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
            await _process.WaitForExitAsync();
        }

        _process.Dispose();
    }

    private void Keep(object sender, DataReceivedEventArgs line)
    {
        lock (_output)
        {
            _output.AppendLine(line.Data);
        }
    }

    private static NodeProcess Start(string folder, params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet")
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = Path.GetDirectoryName(FindUp("akka.hocon") ?? throw new FileNotFoundException("akka.hocon, in a folder above the tests")),
        };
        start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, "Streaming.Cli.dll"));
        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        start.Environment["STREAMING_DATA"] = folder;
        return new NodeProcess(Process.Start(start)!);
    }
}
