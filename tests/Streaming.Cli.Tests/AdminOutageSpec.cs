using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging.Abstractions;
using Streaming.Cli.Settings;
using Streaming.Cli.Shell;
using Streaming.Engine;
using Streaming.Node.Admin;
using Streaming.Node.Running;

namespace Streaming.Cli.Tests;

/// <summary>Commands that ask a node which cannot answer in time: they say what did not, how long it was waited for, and what to do.</summary>
public sealed class AdminOutageSpec
{
    [Theory]
    [InlineData("where one", "the node refuses (503): shard card/")]
    [InlineData("replay from beginning --verify", "the node could not say all states: shard card/0 is not open")]
    public async Task A_shard_that_does_not_open_is_named(string line, string expected)
    {
        using var cli = new Cli();
        await File.WriteAllTextAsync(cli.PathOf("node.hocon"), "streaming.engine.state-timeout = 50ms");
        await File.WriteAllTextAsync(cli.PathOf("events.csv"), "event_id,card_id,terminal_id,amount,ts\none,4929123412341234,t,1,2024-01-01T00:00:00Z\n");
        var ingested = await cli.RunAsync($"ingest {cli.PathOf("events.csv")}");
        Assert.True(ingested.Code == ExitCode.Ok, ingested.Error);

        // An engine that no host has started: its keepers take no slots.
        var settings = CliSettings.Load(cli.PathOf("node.hocon"), asked: true, cli.Variable);
        await using var connection = settings.Connect();
        await using var snapshots = await settings.OpenSnapshotsAsync(waits: null, CancellationToken.None);
        var engine = await StreamingEngine.PrepareAsync(
            settings.Akka, settings.Engine, Definitions.Features(settings.Node.FeaturesDirectory), connection.Log, connection.Registry, snapshots.Slots, TimeProvider.System, CancellationToken.None);
        var states = new StatesAdmin(() => engine);
        await using var admin = await AdminHost.StartAsync(
            settings.Node,
            NullLoggerFactory.Instance,
            routes =>
            {
                routes.MapGet("/ping", static context => context.Response.CompleteAsync());
                routes.MapGet(EntityAdmin.Path, (RequestDelegate)new EntityAdmin(() => engine, snapshots.Slots).GetAsync);
                routes.MapGet(StatesAdmin.Path, (RequestDelegate)states.GetAsync);
                routes.MapGet(StatesAdmin.ConfirmedPath, (RequestDelegate)states.ConfirmedAsync);
            },
            CancellationToken.None);

        var answer = await cli.RunAsync($"{line} --config {cli.PathOf("node.hocon")}");
        Assert.Equal(ExitCode.Unreachable, answer.Code);
        Assert.Equal(line.StartsWith("where", StringComparison.Ordinal), answer.Out.Contains("what entities hold is not known", StringComparison.Ordinal));
        Assert.Contains(expected, answer.Fault, StringComparison.Ordinal);
        Assert.Contains("(waited for 0.05 s, streaming.engine.state-timeout); try again, and look at the node's log", answer.Fault, StringComparison.Ordinal);
    }
}
