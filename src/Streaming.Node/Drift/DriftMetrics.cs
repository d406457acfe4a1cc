using System.Collections.Immutable;
using Prometheus;
using Streaming.Scoring.Drift;

namespace Streaming.Node.Drift;

/// <summary>The figures of drift, one a feature and one for the score.</summary>
internal sealed class DriftMetrics
{
    private readonly Gauge _rows;
    private readonly Gauge _psi;
    private readonly Gauge _bound;
    private readonly Gauge _jensenShannon;
    private readonly Gauge _missing;
    private readonly Gauge _outside;
    private readonly Gauge _level;

    public DriftMetrics(IMetricFactory metrics)
    {
        _rows = metrics.CreateGauge("streaming_drift_rows", "Scores in the window that is compared with training.");
        _psi = Of(metrics, "psi", "Population stability index of a feature, or the score, against training.");
        _bound = Of(metrics, "psi_bound", "The index that training's own chunks stay below in a window of as many rows.");
        _jensenShannon = Of(metrics, "jensen_shannon", "Jensen-Shannon distance to training, base 2, 0 to 1.");
        _missing = Of(metrics, "missing_ratio", "Share of scores in which the feature had no value.");
        _outside = Of(metrics, "outside_ratio", "Share of values that training has not: below or above all, or another category.");
        _level = Of(metrics, "level", "0 as in training, or too few rows; 1 moved somewhat; 2 moved much.");
    }

    /// <summary>Shows the findings of a look.</summary>
    public void Show(ImmutableArray<DriftFinding> findings)
    {
        _rows.Set(findings.IsEmpty ? 0 : findings[0].Rows);
        foreach (var finding in findings)
        {
            _psi.WithLabels(finding.Name).Set(finding.Psi);
            _bound.WithLabels(finding.Name).Set(finding.Bound);
            _jensenShannon.WithLabels(finding.Name).Set(finding.JensenShannon);
            _missing.WithLabels(finding.Name).Set(finding.MissingRate);
            _outside.WithLabels(finding.Name).Set(finding.OutsideRate);
            _level.WithLabels(finding.Name).Set(finding.Level switch
            {
                DriftLevel.Significant => 2,
                DriftLevel.Moderate => 1,
                _ => 0,
            });
        }
    }

    private static Gauge Of(IMetricFactory metrics, string name, string help) =>
        metrics.CreateGauge($"streaming_drift_{name}", help, ["feature"]);
}
