using Streaming.Scoring.Serving;

namespace Streaming.Node;

/// <summary>Watches versions that were swapped in while the node runs.</summary>
internal sealed class SwapWatchHost(SwapWatch watch, NodeMetrics metrics, ILogger<SwapWatch> logger, TimeProvider clock) : BackgroundService
{
    private static readonly TimeSpan s_every = TimeSpan.FromSeconds(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(s_every, clock);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                foreach (var rollback in watch.Look())
                {
                    NodeLog.RolledBack(logger, rollback.From, rollback.To, rollback.Reason);
                    metrics.RolledBack(rollback.Model);
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The host stops.
        }
    }
}
