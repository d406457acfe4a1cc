using System.Globalization;
using Streaming.Cli.Clients;
using Streaming.Cli.Settings;
using Streaming.Cli.Shell;
using Streaming.Features.Events;
using Streaming.Node.Replays;

namespace Streaming.Cli.Commands;

/// <summary>Lets the node build a generation, or go back to the one before, and shows how far it is.</summary>
internal sealed class ReplayBuild(Terminal terminal, CliSettings settings)
{
    private static readonly TimeSpan s_lookEvery = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan s_cancelWithin = TimeSpan.FromSeconds(5);

    /// <summary>Begins, and waits until it has ended. Ctrl-C gives it up.</summary>
    /// <param name="query">What the node is asked for: <c>from=...</c> or <c>undo</c>.</param>
    /// <param name="json">Whether a program reads the result.</param>
    /// <param name="cancellation">Gives it up.</param>
    /// <exception cref="CliFailure">No node runs, or it refuses, or it failed.</exception>
    public async Task<int> RunAsync(string query, bool json, CancellationToken cancellation)
    {
        using var node = await AdminClient.FindAsync(settings, cancellation) ?? throw AdminClient.NoNode(settings);
        var status = await node.SendAsync<ReplayStatus>(HttpMethod.Post, $"replay?{query}", cancellation);
        try
        {
            var seconds = await ProgressLine.ShowAsync(terminal, "replay", "events", 0, async progress =>
            {
                while (!status.IsEnded)
                {
                    await Task.Delay(s_lookEvery, terminal.Time, cancellation);
                    status = await node.GetAsync<ReplayStatus>("replay", cancellation);
                    progress.Report(status.Done, status.Total);
                }

                return progress.Elapsed.TotalSeconds;
            });
            return Print(status, seconds, json);
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            using var limit = new CancellationTokenSource(s_cancelWithin, terminal.Time);
            await node.SendAsync<ReplayStatus>(HttpMethod.Delete, "replay", limit.Token);
            throw;
        }
    }

    private int Print(ReplayStatus status, double seconds, bool json)
    {
        if (status.Phase != "switched")
        {
            throw new CliFailure(
                ExitCode.Failed,
                status.Fault is { } fault ? $"replay: {fault}; the state that answered before answers on" : $"replay: {status.Phase}");
        }

        if (json)
        {
            Report.Json(
                terminal,
                new { status.Phase, status.Generation, Events = status.Total, Seconds = Math.Round(seconds, 3), status.UndoUntil });
            return (int)ExitCode.Ok;
        }

        var rate = status.Total / Math.Max(0.001, seconds);
        var undo = status.UndoUntil is { } until
            ? $"; 'streaming replay from --undo' goes back until {new EventTime(until.ToUnixTimeMilliseconds())}"
            : string.Empty;
        terminal.Out.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"switched to generation {status.Generation}: {status.Total:N0} events in {seconds:0.0} s ({rate:N0} events/s)") + undo);
        return (int)ExitCode.Ok;
    }
}
