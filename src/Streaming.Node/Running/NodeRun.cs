using Akka.Actor;
using Streaming.Contracts.Schemas;
using Streaming.Engine;
using Streaming.Engine.Replays;
using Streaming.Engine.Sources;
using Streaming.Ingest;
using Streaming.Node.Admin;
using Streaming.Node.MLflow;
using Streaming.Node.Replays;
using Streaming.Node.Upkeep;
using Streaming.Scoring.Registry;
using Streaming.Scoring.Serving;

namespace Streaming.Node.Running;

/// <summary>One node in this process: the engine, the intake of events and HTTP, over a log, a registry and a model.</summary>
public static class NodeRun
{
    /// <summary>
    /// Runs until cancelled, then stops HTTP, the score log and the engine, in this order; the work beside them ends meanwhile.
    /// </summary>
    /// <param name="inputs">What it runs on.</param>
    /// <param name="started">Called once HTTP answers, with the node's URL.</param>
    /// <param name="beside">Work in the same process while the node runs; its token ends it. Its failure is the node's at the end.</param>
    /// <param name="cancellation">Stops the node.</param>
    /// <exception cref="NodeStartException">The port is taken, or Akka refuses its part of the configuration.</exception>
    /// <exception cref="EngineStartException">The engine cannot start.</exception>
    public static async Task RunAsync(
        NodeInputs inputs, Action<string> started, Func<CancellationToken, Task> beside, CancellationToken cancellation)
    {
        var (settings, clock) = (inputs.Settings, inputs.Clock);
        var engine = await PrepareAsync(inputs, inputs.Engine, cancellation);
        var compaction = new StartupCompaction();
        var live = new LiveEngine(engine);
        var upkeep = UpkeepOf(inputs, live);
        await using var host = NodeHost.Build(settings, PartsOf(inputs, live, compaction, upkeep), engine.AddTo);
        CreateActorSystem(host);
        var loggers = host.Services.GetRequiredService<ILoggerFactory>();
        await using var generations = new GenerationSwitch(PartsOf(inputs), live, loggers);
        var work = Task.CompletedTask;
        try
        {
            await NodePort.StartAsync(host, settings.Http.Listen, cancellation);
            var slots = host.Services.GetRequiredService<ModelSlots>();
            await using var admin = await AdminHost.StartAsync(
                settings, loggers, routes => MapAdmin(routes, inputs, live, generations, slots), cancellation);
            started(NodePort.Openable(host.Urls.First()));
            var advice = inputs.Connection.AdviseAsync(
                EventSchemas.ByTopic.Keys.Order(), line => NodeLogging.WarnOfRegistry(loggers, line), cancellation);
            var compacting = compaction.RunAsync(() => live.IsReady && HasHistory(inputs, live), engine.SettleAsync, clock, cancellation);
            var keeping = upkeep.RunAsync(loggers.CreateLogger<LogUpkeep>(), clock, cancellation);
            var watching = WatchOf(inputs, slots, loggers).RunAsync(cancellation);
            work = AllAsync(beside(cancellation), advice, compacting, keeping, watching, generations.CleanAsync(cancellation));
            await UntilCancelledAsync(cancellation);
        }
        finally
        {
            await host.StopAsync(CancellationToken.None);
        }

        await work;
    }

    private static ChampionWatch WatchOf(NodeInputs inputs, ModelSlots slots, ILoggerFactory loggers) => new(
        new RegistryFolder(inputs.Settings.RegistryDirectory, inputs.Clock), slots, loggers.CreateLogger<ChampionWatch>(), inputs.Clock);

    private static void MapAdmin(
        IEndpointRouteBuilder routes, NodeInputs inputs, LiveEngine live, GenerationSwitch generations, ModelSlots slots)
    {
        AdminRoutes.Map(routes, live, generations, inputs.Snapshots, slots);
        MlflowRoutes.Map(routes, new RegistryFolder(inputs.Settings.RegistryDirectory, inputs.Clock), mayWrite: true);
    }

    private static Task<StreamingEngine> PrepareAsync(NodeInputs inputs, EngineSettings settings, CancellationToken cancellation) =>
        StreamingEngine.PrepareAsync(
            inputs.Akka,
            settings,
            inputs.Catalog,
            inputs.Connection.Log,
            inputs.Connection.Registry,
            inputs.Snapshots,
            inputs.Clock,
            cancellation);

    private static SwitchParts PartsOf(NodeInputs inputs) => new(
        HistoryOf(inputs),
        inputs.Snapshots,
        inputs.Settings.Admin.KeepReplaced,
        (generation, stop) => PrepareAsync(inputs, inputs.Engine with { Generation = generation, IsNewGeneration = false }, stop));

    private static ReplayServices HistoryOf(NodeInputs inputs) =>
        new(inputs.Connection.Log, inputs.Connection.Registry, inputs.Catalog, inputs.Engine, inputs.Clock);

    // Akka.Hosting, which would create it next, prints the stack of a failure twice.
    private static void CreateActorSystem(WebApplication host)
    {
        try
        {
            _ = host.Services.GetRequiredService<ActorSystem>();
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            throw new NodeStartException(
                $"Akka refuses its part of the configuration: {e.GetBaseException().Message.TrimEnd('.')}; look at akka in akka.hocon", e);
        }
    }

    private static async Task AllAsync(Task work, params Task[] others)
    {
        await work;
        // Ended by the token, for instance where the registry had not answered, and where the node had not caught up.
        foreach (var other in others)
        {
            await other.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private static LogUpkeep UpkeepOf(NodeInputs inputs, LiveEngine engine) => new(
        inputs.Connection.Log,
        inputs.Settings.Embedded.Retention,
        $"{inputs.Engine.ConsumerGroup} {inputs.SnapshotsName}",
        inputs.Catalog,
        inputs.Engine.FutureTolerance,
        engine);

    private static NodeParts PartsOf(NodeInputs inputs, LiveEngine live, StartupCompaction compaction, LogUpkeep upkeep)
    {
        var (connection, rules) = (inputs.Connection, EventRules.For(inputs.Catalog, inputs.Engine.FutureTolerance));
        var intake = new LogEventIntake(connection.Log, connection.Schemas, rules, inputs.Clock);
        return new(live, live, inputs.Champion, intake, inputs.Clock)
        {
            FutureTolerance = inputs.Engine.FutureTolerance,
            Others = inputs.Others,
            IsPrepared = () => compaction.IsDone,
            Log = () => upkeep.State,
            Scores = new(connection.Log, connection.Schemas),
            History = HistoryOf(inputs),
        };
    }

    private static bool HasHistory(NodeInputs inputs, LiveEngine live) =>
        inputs.IsHistoryWritten is not { } isWritten || (isWritten() && live.IsCaughtUp);

    private static async Task UntilCancelledAsync(CancellationToken cancellation)
    {
        var cancelled = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var registration = cancellation.Register(cancelled.SetResult);
        await cancelled.Task;
    }
}
