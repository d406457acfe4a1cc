using Streaming.Scoring.ScoreLogs;

namespace Streaming.Node;

/// <summary>Starts the score log before the server, which starts last, and flushes it after the server has ended.</summary>
internal sealed class ScoreLogHost(ScoreLog log) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        log.Start();
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => log.StopAsync();
}
