using Streaming.Contracts.Schemas;
using Streaming.Engine;
using Streaming.Engine.Sources;
using Streaming.Ingest;

namespace Streaming.Node.Running;

/// <summary>One node in this process: the engine, the intake of events and HTTP, over a log, a registry and a model.</summary>
public static class NodeRun
{
    /// <summary>Runs until cancelled, then stops in order: HTTP first, then the work beside it, then the engine.</summary>
    /// <param name="inputs">What it runs on.</param>
    /// <param name="started">Called once HTTP answers, with the node's URL.</param>
    /// <param name="beside">Work in the same process while the node runs; its token ends it once HTTP has ended. Its failure is the
    /// node's at the end.</param>
    /// <param name="cancellation">Stops the node.</param>
    /// <exception cref="NodeStartException">The port is taken.</exception>
    /// <exception cref="EngineStartException">The engine cannot start.</exception>
    public static async Task RunAsync(
        NodeInputs inputs, Action<string> started, Func<CancellationToken, Task> beside, CancellationToken cancellation)
    {
        var (settings, clock) = (inputs.Settings, inputs.Clock);
        using var loggers = NodeLogging.CreateFactory(settings.Logging);
        await using var engine = await StreamingEngine.StartAsync(
            inputs.Akka, inputs.Engine, inputs.Catalog, inputs.Connection.Log, inputs.Connection.Registry, clock, cancellation, loggers);
        var compaction = new StartupCompaction();
        await using var http = NodeHost.Build(settings, PartsOf(inputs, engine, compaction));
        await NodePort.StartAsync(http, settings.Http.Listen, cancellation);
        started(http.Urls.First());
        using var stopping = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var advice = inputs.Connection.AdviseAsync(
            EventSchemas.ByTopic.Keys.Order(), line => NodeLogging.WarnOfRegistry(loggers, line), stopping.Token);
        var compacting = compaction.RunAsync(() => engine.IsReady && HasHistory(inputs, engine), clock, stopping.Token);
        var work = beside(stopping.Token);
        await UntilCancelledAsync(cancellation);
        await http.StopAsync(CancellationToken.None);
        await stopping.CancelAsync();
        await work;
        // Ended by the token where the registry had not answered, and where the node had not caught up.
        await advice.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await compacting.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private static NodeParts PartsOf(NodeInputs inputs, StreamingEngine engine, StartupCompaction compaction)
    {
        var (connection, rules) = (inputs.Connection, EventRules.For(inputs.Catalog, inputs.Engine.FutureTolerance));
        var intake = new LogEventIntake(connection.Log, connection.Schemas, rules, inputs.Clock);
        return new(engine, engine, inputs.Champion, intake, inputs.Clock)
        {
            FutureTolerance = inputs.Engine.FutureTolerance,
            IsPrepared = () => compaction.IsDone,
            Scores = new(connection.Log, connection.Schemas),
        };
    }

    private static bool HasHistory(NodeInputs inputs, StreamingEngine engine) =>
        inputs.IsHistoryWritten is not { } isWritten || (isWritten() && engine.IsCaughtUp);

    private static async Task UntilCancelledAsync(CancellationToken cancellation)
    {
        var cancelled = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var registration = cancellation.Register(cancelled.SetResult);
        await cancelled.Task;
    }
}
