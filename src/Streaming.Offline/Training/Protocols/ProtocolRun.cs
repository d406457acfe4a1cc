using System.Collections.Immutable;

namespace Streaming.Offline.Training.Protocols;

/// <summary>Runs a protocol: for each candidate the search on the validation folds, then the test folds, once.</summary>
public static class ProtocolRun
{
    /// <summary>The time whose rows all folds need: the first, inclusive, and the last, exclusive.</summary>
    public static (DateTimeOffset From, DateTimeOffset Until) Period(TrainingProtocol protocol)
    {
        ArgumentNullException.ThrowIfNull(protocol);
        var splits = protocol.Validation.Select(protocol.ValidationSplitAt).Concat(protocol.Test.Select(protocol.SplitAt)).ToArray();
        return (splits.Min(split => split.Start), splits.Max(split => split.End));
    }

    /// <summary>Runs one candidate.</summary>
    /// <param name="protocol">The protocol.</param>
    /// <param name="candidate">One of its candidates.</param>
    /// <param name="set">The rows of the <see cref="Period"/> with the candidate's features.</param>
    /// <param name="withTest">Whether the test folds are looked at; not while features and spaces are still being worked on.</param>
    /// <param name="report">Told how far it is.</param>
    /// <param name="cancellation">Ends it between two rounds.</param>
    /// <exception cref="TrainingException">A fold has no rows, or rows of one class only.</exception>
    public static CandidateResult Run(
        TrainingProtocol protocol,
        TrainingCandidate candidate,
        TrainingSet set,
        bool withTest,
        Action<string> report,
        CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(protocol);
        ArgumentNullException.ThrowIfNull(candidate);
        ArgumentNullException.ThrowIfNull(set);
        ArgumentNullException.ThrowIfNull(report);
        var validation = Fold.Validation(protocol, set);
        var tried = new ParameterSearch(candidate, protocol.Search, validation).Run(report, cancellation);
        var chosen = Choose(protocol, candidate, tried, protocol.Search.ChooseBy);
        var ablation = new Ablation(candidate, chosen, validation).Run(report, cancellation);
        var (results, importance) = Learn(candidate, chosen, validation, cancellation);
        var test = withTest ? Fold.Test(protocol, set) : [];
        report(withTest ? $"{candidate.Name}: the test folds" : $"{candidate.Name}: done");
        return new CandidateResult
        {
            Candidate = candidate,
            Features = set.FeatureNames,
            Tried = tried,
            Chosen = chosen,
            Validation = results,
            Importance = importance,
            Test = withTest ? Learn(candidate, chosen, test, cancellation).Results : [],
            ByMetric = withTest
                ? [.. ProtocolTexts.Metrics(protocol).Select(metric => ByMetric(
                    candidate, metric, Choose(protocol, candidate, tried, metric), test, cancellation))]
                : [],
            Ablation = ablation,
        };
    }

    private static TrialPoint Choose(
        TrainingProtocol protocol, TrainingCandidate candidate, ImmutableArray<TrialPoint> tried, ChosenMetric metric) =>
        TrialChoice.Of(tried, candidate.Learner, metric, candidate.Choose ?? protocol.Search.Choose);

    private static MetricChoice ByMetric(
        TrainingCandidate candidate,
        ChosenMetric metric,
        TrialPoint chosen,
        ImmutableArray<Fold> test,
        CancellationToken cancellation)
    {
        MetricSummary[] folds = [.. Learn(candidate, chosen, test, cancellation).Results.Select(fold => MetricSummary.Of(fold.Metrics))];
        return new(metric, chosen, MetricSummary.Mean(folds).By(metric), MetricSummary.Deviation(folds).By(metric));
    }

    private static (ImmutableArray<FoldResult> Results, ImmutableArray<double> Importance) Learn(
        TrainingCandidate candidate, TrialPoint point, ImmutableArray<Fold> folds, CancellationToken cancellation)
    {
        using var learning = new FoldLearning(candidate, point.Parameters, folds);
        learning.Grow(point.Rounds, cancellation);
        var shares = learning.Importance().Select(fold => Array.ConvertAll(fold, gain => gain / Math.Max(fold.Sum(), double.Epsilon)));
        var mean = shares.Aggregate((a, b) => [.. a.Zip(b, (x, y) => x + y)]).Select(sum => sum / folds.Length);
        return (learning.Results(), [.. mean]);
    }
}
