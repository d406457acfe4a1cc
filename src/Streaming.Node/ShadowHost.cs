using Streaming.Scoring.Serving;

namespace Streaming.Node;

/// <summary>Scores by challengers while the node runs; what waits when it stops is given up.</summary>
internal sealed class ShadowHost(ModelSlots models) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            await models.Shadow.RunAsync(stoppingToken);
        }
        catch (OperationCanceledException)
        {
            // The host stops.
        }
    }
}
