using System.IO.Pipelines;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;
using Prometheus;
using Streaming.Node.Lane;
using Streaming.Node.Scoring;
using Streaming.Scoring;

namespace Streaming.Node.Tests.Fakes;

/// <summary>The lane alone, on pipes that run what is waiting within the write: no socket, no thread, and a heart that beats when it is told to.</summary>
internal static class TestLane
{
    /// <summary>Starts a lane over fakes; the task ends when it hands over, with the input that the pipeline gets.</summary>
    public static (IDuplexPipe Client, Task<PipeReader> HandedOver, Action Beat) Start(string overrides, TimeProvider clock)
    {
        var catalog = Samples.Catalog();
        var (store, definition, settings) = (new FakeFeatureStore(catalog), Samples.Model(catalog), TestNode.Settings(overrides));
        var scorer = new Scorer(definition, catalog.FindService(definition.Service)!, new FakeModel());
        var parts = new NodeParts(store, scorer, new FakeIntake(), clock) { FutureTolerance = TimeSpan.FromMinutes(10) };
        var metrics = new NodeMetrics(Metrics.NewCustomRegistry(), parts);
        var scores = new ScoreService(parts, metrics, new RecentScores());
        var lane = new ScoreLane(new LaneAnswers(scores, metrics, settings.Http.MaxRequestBytes, clock), metrics, settings.Http, clock);
        var inline = new PipeOptions(readerScheduler: PipeScheduler.Inline, writerScheduler: PipeScheduler.Inline, useSynchronizationContext: false);
        var (toServer, toClient) = (new Pipe(inline), new Pipe(inline));
        var connection = new DefaultConnectionContext("test", new Ends(toServer.Reader, toClient.Writer), new Ends(toClient.Reader, toServer.Writer));
        var (handedOver, heart) = (new TaskCompletionSource<PipeReader>(), new Heart());
        connection.Features.Set<IConnectionHeartbeatFeature>(heart);
        _ = lane.Use(left =>
        {
            handedOver.SetResult(left.Transport.Input);
            return Task.CompletedTask;
        })(connection);
        return (connection.Application!, handedOver.Task, () => heart.Beat());
    }

    private sealed class Heart : IConnectionHeartbeatFeature
    {
        public Action Beat { get; private set; } = () => { };

        public void OnHeartbeat(Action<object> action, object state) => Beat += () => action(state);
    }

    private sealed record Ends(PipeReader Input, PipeWriter Output) : IDuplexPipe;
}
