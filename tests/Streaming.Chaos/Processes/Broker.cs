using System.Globalization;

namespace Streaming.Chaos.Processes;

/// <summary>A Kafka broker of this run's own, from the files beside the repository, behind a proxy that it advertises.</summary>
internal sealed class Broker : IAsyncDisposable
{
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(90);
    private readonly string _folder;
    private readonly int _port = FreePort.Find();

    private Broker(string folder)
    {
        _folder = folder;
        Proxy = new TcpProxy(() => _port);
    }

    /// <summary>Its folder of scripts; null where there is none.</summary>
    public static string? Home => (Environment.GetEnvironmentVariable("KAFKA_HOME") ?? Repository.FindUp("shared/kafka")) is { } home
        && File.Exists(Path.Combine(home, "bin", "kafka-start")) ? home : null;

    /// <summary>Why none can be started here; null where one can.</summary>
    public static string? Missing => Home is null ? "there is no bin/kafka-start in KAFKA_HOME or ../shared/kafka"
        : Repository.Program("java") is null ? "there is no java (17 or later) on the PATH"
        : null;

    /// <summary>What everybody connects to.</summary>
    public TcpProxy Proxy { get; }

    /// <summary>How to connect.</summary>
    public string Bootstrap => FormattableString.Invariant($"127.0.0.1:{Proxy.Port}");

    /// <summary>Starts one over an empty folder.</summary>
    public static async Task<Broker> StartAsync(string folder)
    {
        var broker = new Broker(folder);
        await broker.StartAsync();
        return broker;
    }

    /// <summary>Starts it over what the folder holds.</summary>
    public Task StartAsync() => RunAsync(
        "kafka-start",
        mayFail: false,
        "--dir", _folder, "--port", _port.ToString(CultureInfo.InvariantCulture), "--set", $"advertised.listeners=PLAINTEXT://{Bootstrap}");

    /// <summary>SIGKILL; one that has ended by itself is left.</summary>
    public Task KillAsync() => RunAsync("kafka-kill", mayFail: true, _folder);

    /// <summary>SIGSTOP.</summary>
    public Task FreezeAsync() => SignalAsync("-STOP");

    /// <summary>SIGCONT.</summary>
    public Task GoOnAsync() => SignalAsync("-CONT");

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        await Proxy.DisposeAsync();
    }

    private async Task SignalAsync(string signal)
    {
        foreach (var line in await File.ReadAllLinesAsync(Path.Combine(_folder, "pids")))
        {
            await ChildProcess.SignalAsync(signal, line.Split(' ')[1]);
        }
    }

    private static async Task RunAsync(string script, bool mayFail, params string[] arguments)
    {
        var (exitCode, output) = await ChildProcess.RunAsync(Path.Combine(Home!, "bin", script), arguments, s_limit);
        if (exitCode != 0 && !mayFail)
        {
            throw new InvalidOperationException($"{script} ended with {exitCode}: {output}");
        }
    }
}
