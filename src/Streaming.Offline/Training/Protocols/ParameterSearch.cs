using System.Collections.Immutable;
using System.Globalization;

namespace Streaming.Offline.Training.Protocols;

/// <summary>
/// Tries points of a candidate's parameter space on the validation folds. Each is grown some rounds at a time on all folds; it ends
/// when more rounds have not made it better for a while. The validation rows come after the rows that are learnt from.
/// </summary>
internal sealed class ParameterSearch(TrainingCandidate candidate, SearchBudget budget, ImmutableArray<Fold> folds)
{
    /// <summary>Everything that was tried.</summary>
    /// <param name="report">Told of each trial that ended.</param>
    /// <param name="cancellation">Ends it between two rounds.</param>
    public ImmutableArray<TrialPoint> Run(Action<string> report, CancellationToken cancellation)
    {
        var points = ImmutableArray.CreateBuilder<TrialPoint>();
        var draws = ParameterDraw.Points(candidate.Space, budget.Trials, budget.Seed).ToArray();
        for (var trial = 0; trial < draws.Length; trial++)
        {
            var tried = Try(draws[trial], cancellation);
            points.AddRange(tried);
            var (own, best) = (TrialChoice.Best(tried, budget.ChooseBy), TrialChoice.Best(points, budget.ChooseBy));
            report(string.Create(
                CultureInfo.InvariantCulture,
                $"{candidate.Name}: trial {trial + 1} of {draws.Length}: {own.Validation.By(budget.ChooseBy):0.0000} with {own.Text}; " +
                $"best {best.Validation.By(budget.ChooseBy):0.0000}"));
        }

        return points.ToImmutable();
    }

    private List<TrialPoint> Try(ImmutableArray<KeyValuePair<string, double>> parameters, CancellationToken cancellation)
    {
        using var learning = new FoldLearning(candidate, parameters, folds);
        var points = new List<TrialPoint>();
        var (rounds, best, bestRounds, more) = (0, double.NegativeInfinity, 0, true);
        while (more && rounds < candidate.Rounds && rounds - bestRounds < budget.Patience)
        {
            var step = Math.Min(budget.Every, candidate.Rounds - rounds);
            more = learning.Grow(step, cancellation);
            rounds += step;
            ImmutableArray<MetricSummary> each = [.. learning.Results().Select(fold => MetricSummary.Of(fold.Metrics))];
            var point = new TrialPoint(parameters, rounds, MetricSummary.Mean(each)) { Folds = each };
            points.Add(point);
            if (point.Validation.By(budget.ChooseBy) > best)
            {
                (best, bestRounds) = (point.Validation.By(budget.ChooseBy), rounds);
            }
        }

        return points;
    }
}
