using System.IO.Pipelines;
using Microsoft.AspNetCore.Connections;
using Prometheus;
using Streaming.Node.Lane;
using Streaming.Node.Scoring;
using Streaming.Scoring;

namespace Streaming.Node.Tests.Fakes;

/// <summary>The lane alone, on pipes that run what is waiting within the write: no socket, no thread, no heartbeat.</summary>
internal static class TestLane
{
    /// <summary>Starts a lane over fakes; the task ends when it hands over.</summary>
    public static (IDuplexPipe Client, Task HandedOver) Start(string overrides, TimeProvider clock)
    {
        var catalog = Samples.Catalog();
        var (store, definition, settings) = (new FakeFeatureStore(catalog), Samples.Model(catalog), TestNode.Settings(overrides));
        var scorer = new Scorer(definition, catalog.FindService(definition.Service)!, new FakeModel());
        var metrics = new NodeMetrics(Metrics.NewCustomRegistry(), store, clock);
        var scores = new ScoreService(store, scorer, metrics, new RecentScores(), clock);
        var lane = new ScoreLane(new LaneAnswers(scores, metrics, settings.Http.MaxRequestBytes, clock), metrics, settings.Http, clock);
        var inline = new PipeOptions(readerScheduler: PipeScheduler.Inline, writerScheduler: PipeScheduler.Inline, useSynchronizationContext: false);
        var (toServer, toClient) = (new Pipe(inline), new Pipe(inline));
        var connection = new DefaultConnectionContext("test", new Ends(toServer.Reader, toClient.Writer), new Ends(toClient.Reader, toServer.Writer));
        var handedOver = new TaskCompletionSource();
        _ = lane.Use(_ =>
        {
            handedOver.SetResult();
            return Task.CompletedTask;
        })(connection);
        return (connection.Application!, handedOver.Task);
    }

    private sealed record Ends(PipeReader Input, PipeWriter Output) : IDuplexPipe;
}
