using System.Net.Sockets;
using Microsoft.AspNetCore.Builder;
using Streaming.Cli.Settings;
using Streaming.Cli.Shell;
using Streaming.Contracts.Schemas;
using Streaming.Engine;
using Streaming.Engine.Sources;
using Streaming.Ingest;
using Streaming.Node;
using Streaming.Simulation.Seeding;

namespace Streaming.Cli.Running;

/// <summary>One node in this process: log, registry, engine, model and HTTP, and a seed beside it where one is wanted.</summary>
internal sealed class NodeRun(CliSettings settings, SeedOptions? seed, Terminal terminal)
{
    /// <summary>Runs until cancelled, then stops in order: HTTP first, then the seed, the engine, the log.</summary>
    /// <param name="started">Called once HTTP answers, with the node's URL.</param>
    /// <param name="cancellation">Stops the node.</param>
    public async Task RunAsync(Action<string> started, CancellationToken cancellation)
    {
        if (settings.Node.Http.InlineSockets)
        {
            // Before anything of this process uses a socket.
            NodeHost.UseInlineSockets();
        }

        RequireFreePort();
        var catalog = Definitions.Features(settings.Node.FeaturesDirectory);
        using var champion = Definitions.Champion(settings.Node.ModelsDirectory, catalog);
        await using var connection = settings.Connect();
        using var loggers = NodeLogging.CreateFactory(settings.Node.Logging);
        await using var engine = await StreamingEngine.StartAsync(
            settings.Akka, settings.Engine, catalog, connection.Log, connection.Registry, terminal.Time, cancellation, loggers);
        var intake = new LogEventIntake(
            connection.Log, connection.Schemas, EventRules.For(catalog, settings.Engine.FutureTolerance), terminal.Time);
        var heap = new QuietHeap();
        await using var http = NodeHost.Build(settings.Node, new NodeParts(engine, engine, champion, intake, terminal.Time)
        {
            FutureTolerance = settings.Engine.FutureTolerance,
            IsPrepared = () => heap.IsQuiet,
            Scores = new(connection.Log, connection.Schemas),
        });
        await StartAsync(http, cancellation);
        started(http.Urls.First());
        using var stopping = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var advice = connection.AdviseAsync(EventSchemas.ByTopic.Keys.Order(), line => NodeLogging.WarnOfRegistry(loggers, line), stopping.Token);
        var quiet = heap.KeepAsync(() => engine.IsReady, terminal.Time, stopping.Token);
        var seeding = seed is null
            ? Task.CompletedTask
            : SeedAsync(connection, seed, stopping.Token);
        await UntilCancelledAsync(cancellation);
        await http.StopAsync(CancellationToken.None);
        await stopping.CancelAsync();
        await seeding;
        // Ended by the token where the registry had not answered, and where the node had not caught up.
        await advice.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await quiet.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private Task SeedAsync(EventConnection connection, SeedOptions options, CancellationToken stop)
    {
        var notes = new SeedProgressNotes(terminal.Note, terminal.Time);
        return new SeedSupervisor(() => new Seeder(connection, options, terminal.Time).RunAsync(notes, stop), terminal.Note, terminal.Time).RunAsync(stop);
    }

    // Known before the engine starts, which takes seconds; a port that is taken in between is found by the server.
    private void RequireFreePort()
    {
        using var probe = new TcpListener(settings.Node.Http.Listen);
        try
        {
            probe.Start();
        }
        catch (SocketException error)
        {
            throw NoPort(error);
        }
    }

    private async Task StartAsync(WebApplication http, CancellationToken cancellation)
    {
        try
        {
            await http.StartAsync(cancellation);
        }
        catch (IOException error)
        {
            throw NoPort(error);
        }
    }

    private CliFailure NoPort(Exception error) => new(
        ExitCode.Failed,
        $"HTTP cannot listen on {settings.Node.Http.Listen}: {error.Message.TrimEnd('.')}; is a node running already? Take another port with --port N, or end the other process",
        error);

    private static async Task UntilCancelledAsync(CancellationToken cancellation)
    {
        var cancelled = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var registration = cancellation.Register(cancelled.SetResult);
        await cancelled.Task;
    }
}
