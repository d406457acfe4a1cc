using System.Diagnostics;

namespace Streaming.TestKit;

/// <summary>
/// A real broker: the one that KAFKA_BOOTSTRAP names, or one that is started from files found above the tests (or where KAFKA_HOME
/// says) and stopped afterwards. Without either the tests that need it are skipped and say why; files that start no broker fail them.
/// </summary>
public class RealBroker : IAsyncLifetime
{
    private const string Start = "bin/kafka-start";
    private DirectoryInfo? _data;
    private string? _home;

    public string? Bootstrap { get; private set; }

    public string? SkipReason { get; private set; }

    public async Task InitializeAsync()
    {
        Bootstrap = MayBeNamed ? Environment.GetEnvironmentVariable("KAFKA_BOOTSTRAP") : null;
        if (Bootstrap is not null)
        {
            return;
        }

        _home = Candidates().FirstOrDefault(folder => File.Exists(Path.Combine(folder, Start)));
        if (_home is null)
        {
            SkipReason = MayBeNamed
                ? "No Kafka broker: set KAFKA_BOOTSTRAP to one, or KAFKA_HOME to a folder with bin/kafka-start."
                : "No Kafka broker to start with settings of its own: set KAFKA_HOME to a folder with bin/kafka-start.";
            return;
        }

        _data = Directory.CreateTempSubdirectory("streaming-kafka-");
        var output = await RunAsync(Start, ["--dir", _data.FullName, .. Arguments()]);
        Bootstrap = output.Split('\n').Select(line => line.Trim()).FirstOrDefault(line => line.StartsWith("bootstrap=", StringComparison.Ordinal))?["bootstrap=".Length..].Trim('"', '\'');
        if (Bootstrap is null)
        {
            await DisposeAsync();
            throw new InvalidOperationException($"{Path.Combine(_home, Start)} started no broker; fix it, or take it away to have these tests skipped. It said: {output}");
        }
    }

    public virtual async Task DisposeAsync()
    {
        if (_data is not null)
        {
            await RunAsync("bin/kafka-stop", _data.FullName);
            _data.Delete(recursive: true);
        }
    }

    /// <summary>Whether any broker will do, also one that runs already.</summary>
    protected virtual bool MayBeNamed => true;

    /// <summary>What the script is told beside where the data go.</summary>
    protected virtual string[] Arguments() => ["--port", "0"];

    /// <summary>Whether the broker is this test's own, to kill and start again.</summary>
    public bool IsOurs => _data is not null;

    /// <summary>Kills the broker (SIGKILL) and starts it again over the same data.</summary>
    public async Task RestartAsync()
    {
        await KillAsync();
        await StartAgainAsync();
    }

    /// <summary>Kills the broker (SIGKILL).</summary>
    public Task KillAsync() => RunAsync("bin/kafka-kill", _data!.FullName);

    /// <summary>Starts a killed broker over the same data.</summary>
    public Task StartAgainAsync() => RunAsync(Start, "--dir", _data!.FullName);

    /// <summary>Freezes the broker (SIGSTOP), or lets it go on (SIGCONT).</summary>
    public async Task FreezeAsync(bool freeze)
    {
        foreach (var line in await File.ReadAllLinesAsync(Path.Combine(_data!.FullName, "pids")))
        {
            using var kill = Process.Start("kill", [freeze ? "-STOP" : "-CONT", line.Split(' ')[1]]);
            await kill.WaitForExitAsync();
        }
    }

    /// <summary>Folders that may have the broker's files, the likeliest first.</summary>
    protected virtual IEnumerable<string> Candidates()
    {
        if (Environment.GetEnvironmentVariable("KAFKA_HOME") is { } named)
        {
            yield return named;
        }

        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            yield return Path.Combine(folder.FullName, "shared", "kafka");
        }
    }

    private async Task<string> RunAsync(string script, params string[] arguments)
    {
        var start = new ProcessStartInfo(Path.Combine(_home!, script), arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["KAFKA_STOP_WAIT"] = "0";
        start.Environment["KAFKA_CDS"] = "off";
        using var process = Process.Start(start)!;
        using var bound = new CancellationTokenSource(TimeSpan.FromSeconds(90));
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(bound.Token), process.StandardError.ReadToEndAsync(bound.Token));
        await process.WaitForExitAsync(bound.Token);
        return await output + await errors;
    }
}
