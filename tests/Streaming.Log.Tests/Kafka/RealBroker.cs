using System.Diagnostics;

namespace Streaming.Log.Tests.Kafka;

/// <summary>
/// A real broker: the one that KAFKA_BOOTSTRAP names, or one that is started from files found above the tests (or where KAFKA_HOME
/// says) and stopped afterwards. Without either the tests that need it are skipped and say why.
/// </summary>
public sealed class RealBroker : IAsyncLifetime
{
    private const string Start = "bin/kafka-start";
    private DirectoryInfo? data;
    private string? home;

    public string? Bootstrap { get; private set; }

    public string? SkipReason { get; private set; }

    public async Task InitializeAsync()
    {
        Bootstrap = Environment.GetEnvironmentVariable("KAFKA_BOOTSTRAP");
        if (Bootstrap is not null)
        {
            return;
        }

        home = Candidates().FirstOrDefault(folder => File.Exists(Path.Combine(folder, Start)));
        if (home is null)
        {
            SkipReason = "No Kafka broker: set KAFKA_BOOTSTRAP to one, or KAFKA_HOME to a folder with bin/kafka-start.";
            return;
        }

        data = Directory.CreateTempSubdirectory("streaming-kafka-");
        var output = await RunAsync(Start, "--port", "0", "--dir", data.FullName);
        Bootstrap = output.Split('\n').Select(line => line.Trim()).FirstOrDefault(line => line.StartsWith("bootstrap=", StringComparison.Ordinal))?["bootstrap=".Length..].Trim('"', '\'');
        SkipReason = Bootstrap is null ? $"The broker did not start: {output}" : null;
    }

    public async Task DisposeAsync()
    {
        if (data is not null)
        {
            await RunAsync("bin/kafka-stop", data.FullName);
            data.Delete(recursive: true);
        }
    }

    /// <summary>Whether the broker is this test's own, to kill and start again.</summary>
    public bool IsOurs => data is not null;

    /// <summary>Kills the broker (SIGKILL) and starts it again over the same data.</summary>
    public async Task RestartAsync()
    {
        await RunAsync("bin/kafka-kill", data!.FullName);
        await RunAsync(Start, "--dir", data.FullName);
    }

    private static IEnumerable<string> Candidates()
    {
        if (Environment.GetEnvironmentVariable("KAFKA_HOME") is { } named)
        {
            yield return named;
        }

        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            yield return Path.Combine(folder.FullName, "shared", "kafka");
        }

        yield return "/work/shared/kafka";
    }

    private async Task<string> RunAsync(string script, params string[] arguments)
    {
        var start = new ProcessStartInfo(Path.Combine(home!, script), arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["KAFKA_STOP_WAIT"] = "0";
        start.Environment["KAFKA_CDS"] = "off";
        using var process = Process.Start(start)!;
        using var bound = new CancellationTokenSource(TimeSpan.FromSeconds(90));
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(bound.Token), process.StandardError.ReadToEndAsync(bound.Token));
        await process.WaitForExitAsync(bound.Token);
        return await output + await errors;
    }
}
