// Hot: Add runs once per score.
using System.Collections.Immutable;
using Streaming.Node.Settings;
using Streaming.Scoring;
using Streaming.Scoring.Drift;

namespace Streaming.Node.Drift;

/// <summary>Compares what is scored with what the champion learnt from, over a sliding window. Thread-safe.</summary>
internal sealed class DriftWatch(Scorer champion, DriftSettings settings, DriftMetrics metrics, TimeProvider clock) : BackgroundService
{
    private const int Panes = 12;

    private readonly LiveHistograms _live = new(champion.Baseline, Panes);

    /// <summary>The findings of the last look; empty before the first.</summary>
    public ImmutableArray<DriftFinding> Findings { get; private set; } = [];

    /// <summary>Counts what was scored.</summary>
    public void Add(ReadOnlySpan<float> vector, double score) => _live.Add(vector, score);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(settings.Interval, clock);
        var turned = clock.GetTimestamp();
        try
        {
            do
            {
                if (clock.GetElapsedTime(turned) >= settings.Window / Panes)
                {
                    _live.Turn();
                    turned = clock.GetTimestamp();
                }

                Findings = _live.Compare();
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
