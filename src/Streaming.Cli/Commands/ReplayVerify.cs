using System.Globalization;
using Streaming.Cli.Clients;
using Streaming.Cli.Settings;
using Streaming.Cli.Shell;
using Streaming.Engine.Replays;
using Streaming.Hocon;

namespace Streaming.Cli.Commands;

/// <summary><c>streaming replay from beginning --verify</c>: the live states against the log.</summary>
internal sealed class ReplayVerify(Terminal terminal, CliSettings settings)
{
    private const int ShownMax = 100;

    /// <summary>Compares and prints what differs.</summary>
    /// <exception cref="CliFailure">No node runs.</exception>
    public async Task<int> RunAsync(bool json, CancellationToken cancellation)
    {
        terminal.GiveWay();
        var catalog = Definitions.Features(settings.Node.FeaturesDirectory);
        using var node = await AdminClient.FindAsync(settings, cancellation) ?? throw AdminClient.NoNode(settings);
        await using var connection = settings.Connect(terminal.Note);
        var services = new ReplayServices(connection.Log, connection.Registry, catalog, settings.Engine, terminal.Time);
        var verification = new StateVerification(services);
        verification.Confirmed(await node.GetAsync<List<DurableMark>>("confirmed", cancellation));
        foreach (var plan in catalog.Entities)
        {
            verification.RememberedSince(
                plan, await node.ReadStatesAsync(plan.Name, (key, state) => verification.Add(plan, key, state), cancellation));
        }

        var (differences, seconds) = await ProgressLine.ShowAsync(terminal, "verify", "events", 0, async progress =>
        {
            var found = await verification.RunAsync((done, total) => progress.Report(done, total), cancellation);
            return (found, progress.Elapsed.TotalSeconds);
        });
        if (json)
        {
            Report.Json(terminal, new
            {
                verification.Entities,
                Events = verification.Total,
                Seconds = Math.Round(seconds, 3),
                verification.IsCut,
                verification.NotJudged,
                Differences = differences,
            });
        }
        else
        {
            Print(verification, differences, seconds);
        }

        return (int)(differences.Count == 0 ? ExitCode.Ok : ExitCode.Different);
    }

    private void Print(StateVerification verification, IReadOnlyList<StateDifference> differences, double seconds)
    {
        foreach (var difference in differences.Take(ShownMax))
        {
            terminal.Out.WriteLine($"{difference.Entity}: {difference.Detail}");
        }

        if (differences.Count > ShownMax)
        {
            terminal.Out.WriteLine(string.Create(CultureInfo.InvariantCulture, $"... and {differences.Count - ShownMax:N0} more"));
        }

        var rate = verification.Total / Math.Max(0.001, seconds);
        terminal.Out.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{verification.Entities:N0} entities compared with {verification.Total:N0} events in {seconds:0.0} s ({rate:N0} events/s): ")
            + (differences.Count == 0 ? "no difference" : string.Create(CultureInfo.InvariantCulture, $"{differences.Count:N0} differ")));
        if (verification.NotJudged > 0)
        {
            terminal.Out.WriteLine(
                $"{Counted.Of(verification.NotJudged, "state")} not judged: retention has cut what they had");
        }
    }
}
