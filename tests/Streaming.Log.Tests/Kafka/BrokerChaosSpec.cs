using System.Diagnostics;

namespace Streaming.Log.Tests.Kafka;

/// <summary>A broker that dies, comes back and freezes, again and again, under a process that appends, reads, describes and commits.</summary>
public sealed class BrokerChaosSpec(OwnBroker broker) : IClassFixture<OwnBroker>
{
    private const int Rounds = 2;
    private const int LastLines = 40;

    /// <summary>A bound for the whole; each step is a matter of seconds.</summary>
    private static readonly TimeSpan s_bound = TimeSpan.FromMinutes(4);

    [SkippableFact]
    public async Task A_broker_that_dies_restarts_or_freezes_does_not_end_the_process_which_continues_after_it()
    {
        Skip.If(broker.SkipReason is not null, broker.SkipReason);
        using var bound = new CancellationTokenSource(s_bound);
        using var child = Start(broker.Bootstrap!);
        try
        {
            await GoesOnAsync(child, bound.Token);
            for (var round = 0; round < Rounds; round++)
            {
                await broker.KillAsync();
                await SaysAsync(child, "away", 8, bound.Token);
                await broker.StartAgainAsync();
                await GoesOnAsync(child, bound.Token);
                await broker.FreezeAsync(true);
                await SaysAsync(child, "away", 4, bound.Token);
                await broker.FreezeAsync(false);
                await GoesOnAsync(child, bound.Token);
            }

            child.StandardInput.Close();
            await SaysAsync(child, "end ", 1, bound.Token);
            await child.WaitForExitAsync(bound.Token);
            Assert.Equal(0, child.ExitCode);
        }
        finally
        {
            await broker.FreezeAsync(false);
            if (!child.HasExited)
            {
                child.Kill();
            }
        }
    }

    private static Process Start(string bootstrap) => Process.Start(new ProcessStartInfo(
        Environment.ProcessPath!, ["exec", typeof(BrokerChaosSpec).Assembly.Location, bootstrap, $"chaos-{Guid.NewGuid():N}"])
    {
        RedirectStandardInput = true,
        RedirectStandardOutput = true,
    })!;

    // Both groups commit, records are read, and the topic is described.
    private static async Task GoesOnAsync(Process child, CancellationToken bound)
    {
        foreach (var line in (string[])["committed chaos-a", "committed chaos-b", "read", "described"])
        {
            await SaysAsync(child, line, 2, bound);
        }
    }

    private static async Task SaysAsync(Process child, string what, int times, CancellationToken bound)
    {
        var last = new Queue<string>();
        while (times > 0)
        {
            var line = await NextAsync(child, what, last, bound);
            Assert.False(line.StartsWith("mistake", StringComparison.Ordinal), line);
            times -= line.StartsWith(what, StringComparison.Ordinal) ? 1 : 0;
            last.Enqueue(line);
            _ = last.Count > LastLines && last.TryDequeue(out _);
        }
    }

    private static async Task<string> NextAsync(Process child, string what, Queue<string> last, CancellationToken bound)
    {
        try
        {
            if (await child.StandardOutput.ReadLineAsync(bound) is { } line)
            {
                return line;
            }

            await child.WaitForExitAsync(bound);
            throw new Xunit.Sdk.XunitException($"the process ended while \"{what}\" was waited for, exit code {child.ExitCode}; {Text(last)}");
        }
        catch (OperationCanceledException)
        {
            throw new Xunit.Sdk.XunitException($"\"{what}\" was waited for in vain; {Text(last)}");
        }
    }

    private static string Text(Queue<string> last) => $"the last lines:\n{string.Join('\n', last)}";
}
