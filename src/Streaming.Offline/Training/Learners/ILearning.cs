namespace Streaming.Offline.Training.Learners;

/// <summary>A model while it learns: it can be asked for the scores of some rows after each step. Disposed of when it has learnt.</summary>
internal interface ILearning : IDisposable
{
    /// <summary>Learns on, by some rounds; a method without rounds learns all at once.</summary>
    /// <returns>Whether there may be more to learn.</returns>
    bool Grow(int rounds, CancellationToken cancellation);

    /// <summary>The rounds so far; 1 for a method without rounds.</summary>
    int Rounds { get; }

    /// <summary>The probabilities of the rows that it is asked about, as far as it has learnt.</summary>
    double[] Scores();

    /// <summary>How much each feature matters to it, in the features' order: never negative, without a unit.</summary>
    double[] Importance();

    /// <summary>What it has learnt as trees; null where it is not of trees alone.</summary>
    GradientBoostedTrees? Trees();
}
