using System.Collections.Immutable;
using System.Globalization;

namespace Streaming.Offline.Training.Protocols;

/// <summary>Parameters and a number of rounds that were tried, and how they did on the validation folds.</summary>
/// <param name="Parameters">The parameters, in the order of the space.</param>
/// <param name="Rounds">The rounds.</param>
/// <param name="Validation">The means of the validation folds.</param>
public sealed record TrialPoint(ImmutableArray<KeyValuePair<string, double>> Parameters, int Rounds, MetricSummary Validation)
{
    /// <summary>Each validation fold's figures.</summary>
    public ImmutableArray<MetricSummary> Folds { get; init; } = [];

    /// <summary>The parameters as a reader sees them: <c>num_leaves 15, learning_rate 0.05, 200 rounds</c>.</summary>
    public string Text => string.Join(
        ", ",
        Parameters.Select(pair => string.Create(CultureInfo.InvariantCulture, $"{pair.Key} {pair.Value}"))
            .Append(string.Create(CultureInfo.InvariantCulture, $"{Rounds} {(Rounds == 1 ? "round" : "rounds")}")));
}
