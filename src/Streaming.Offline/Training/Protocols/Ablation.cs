using System.Collections.Immutable;
using Streaming.Hocon;

namespace Streaming.Offline.Training.Protocols;

/// <summary>
/// What each group of a candidate's features brings on the validation folds, with the parameters that were chosen for all: the features
/// without any group, these and one group, and all without one group.
/// </summary>
internal sealed class Ablation(TrainingCandidate candidate, TrialPoint chosen, ImmutableArray<Fold> folds)
{
    /// <summary>Runs it.</summary>
    /// <param name="report">Told of each part that is done.</param>
    /// <param name="cancellation">Ends it between two rounds.</param>
    public ImmutableArray<AblationRow> Run(Action<string> report, CancellationToken cancellation)
    {
        if (candidate.Groups.IsEmpty)
        {
            return [];
        }

        var all = folds[0].Train.FeatureNames;
        var groups = candidate.Groups
            .Select(group => (group.Key, Features: FeatureGroup.Matching(all, group.Value.Select(feature => feature.Value))))
            .ToArray();
        var grouped = groups.SelectMany(group => group.Features).ToHashSet();
        ImmutableArray<string> without = [.. all.Where(feature => !grouped.Contains(feature))];
        var rows = ImmutableArray.CreateBuilder<AblationRow>();
        rows.Add(Row("no group", without));
        foreach (var (name, features) in groups)
        {
            report($"{candidate.Name}: what {name} brings");
            rows.Add(Row($"with {name} alone", [.. all.Where(feature => without.Contains(feature) || features.Contains(feature))]));
            rows.Add(Row($"without {name}", [.. all.Where(feature => !features.Contains(feature))]));
        }

        rows.Add(Row("all", all));
        return rows.ToImmutable();

        AblationRow Row(string name, ImmutableArray<string> features)
        {
            using var learning = new FoldLearning(
                candidate, chosen.Parameters, [.. folds.Select(fold => fold.WithFeatures(features))]);
            learning.Grow(chosen.Rounds, cancellation);
            return new(
                name,
                Counted.Of(features.Length, "feature"),
                MetricSummary.Mean([.. learning.Results().Select(fold => MetricSummary.Of(fold.Metrics))]));
        }
    }
}

/// <summary>How a candidate does with a part of its features.</summary>
/// <param name="Name">Which part.</param>
/// <param name="Features">How many.</param>
/// <param name="Validation">The means of the validation folds.</param>
public sealed record AblationRow(string Name, string Features, MetricSummary Validation);
