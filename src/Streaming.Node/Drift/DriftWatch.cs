using System.Collections.Immutable;
using Streaming.Node.Settings;
using Streaming.Scoring.Drift;
using Streaming.Scoring.Serving;

namespace Streaming.Node.Drift;

/// <summary>
/// Compares what the champion's version is asked with what it learnt from, over a sliding window. Another version begins anew. Thread-safe.
/// </summary>
internal sealed class DriftWatch(ModelSlots models, DriftSettings settings, DriftMetrics metrics, TimeProvider clock) : BackgroundService
{
    /// <summary>The findings of the last look; empty before the first, and where the version's file has no baseline.</summary>
    public ImmutableArray<DriftFinding> Findings { get; private set; } = [];

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(settings.Interval, clock);
        var turned = clock.GetTimestamp();
        try
        {
            do
            {
                var live = models.Champion.Active.Drift;
                if (clock.GetElapsedTime(turned) >= settings.Window / ServedModel.DriftPanes)
                {
                    live?.Turn();
                    turned = clock.GetTimestamp();
                }

                Findings = live?.Compare() ?? [];
                metrics.Show(Findings);
            }
            while (await timer.WaitForNextTickAsync(stoppingToken));
        }
        catch (OperationCanceledException)
        {
            // The host stops.
        }
    }
}
