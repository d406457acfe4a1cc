namespace Streaming.Node.Parity;

/// <summary>Compares answers with the log while the host runs.</summary>
internal sealed class ParityHost(LiveParity parity) : BackgroundService
{
    protected override Task ExecuteAsync(CancellationToken stoppingToken) => parity.RunAsync(stoppingToken);
}
