using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace Streaming.Chaos.Processes;

/// <summary>A process of this run's own: it is killed, frozen and let go on, and ends with this object.</summary>
internal sealed class ChildProcess : IAsyncDisposable
{
    private const int OutputMax = 1 << 20;
    private readonly Process _process;
    private readonly StringBuilder _output = new();

    public ChildProcess(ProcessStartInfo start, Action<string>? line = null)
    {
        start.RedirectStandardOutput = start.RedirectStandardError = true;
        _process = new Process { StartInfo = start };
        _process.OutputDataReceived += (_, data) => Keep(data.Data, line);
        _process.ErrorDataReceived += (_, data) => Keep(data.Data, line);
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    /// <summary>Whether it has ended.</summary>
    public bool HasExited => _process.HasExited;

    /// <summary>Its id.</summary>
    public int Id => _process.Id;

    /// <summary>All that it has printed.</summary>
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

    /// <summary>SIGKILL.</summary>
    public async Task KillAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
        }

        await _process.WaitForExitAsync();
    }

    /// <summary>SIGSTOP.</summary>
    public Task FreezeAsync() => SignalAsync("-STOP");

    /// <summary>SIGCONT.</summary>
    public Task GoOnAsync() => SignalAsync("-CONT");

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        _process.Dispose();
    }

    /// <summary>Sends a signal, with the shell's own kill: the program is not installed everywhere.</summary>
    public static Task SignalAsync(string signal, string id) =>
        RunAsync("sh", ["-c", "kill \"$0\" \"$1\"", signal, id], TimeSpan.FromSeconds(10));

    /// <summary>Runs a command to its end.</summary>
    public static async Task<(int ExitCode, string Output)> RunAsync(string program, IEnumerable<string> arguments, TimeSpan limit)
    {
        await using var command = new ChildProcess(new ProcessStartInfo(program, arguments));
        using var bound = new CancellationTokenSource(limit);
        await command._process.WaitForExitAsync(bound.Token);
        return (command._process.ExitCode, command.Output);
    }

    private Task SignalAsync(string signal) => SignalAsync(signal, _process.Id.ToString(CultureInfo.InvariantCulture));

    private void Keep(string? text, Action<string>? line)
    {
        if (text is null)
        {
            return;
        }

        lock (_output)
        {
            if (_output.Length < OutputMax)
            {
                _output.AppendLine(text);
            }
        }

        line?.Invoke(text);
    }
}
