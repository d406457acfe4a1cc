using Streaming.Offline.Training.LightGbm;

namespace Streaming.Offline.Training.Learners;

/// <summary>
/// Boosted trees; a round is a tree. Several boosters of different seeds may be averaged (their odds' logarithms), which evens out what
/// each has by chance; a round is then a tree of each.
/// </summary>
internal sealed class BoostedLearning : ILearning
{
    private readonly TrainingSet _train;
    private readonly TrainingSet _asked;
    private readonly LightGbmTraining[] _boosters;
    private readonly double[] _raw;

    /// <param name="train">The rows to learn from.</param>
    /// <param name="asked">The rows to score.</param>
    /// <param name="options">How trees are grown; the seed is the first booster's.</param>
    /// <param name="boosters">How many are averaged.</param>
    public BoostedLearning(TrainingSet train, TrainingSet asked, BoostingOptions options, int boosters)
    {
        (_train, _asked, _raw) = (train, asked, new double[asked.Rows]);
        _boosters = new LightGbmTraining[boosters];
        for (var i = 0; i < boosters; i++)
        {
            _boosters[i] = new LightGbmTraining(train, options with { Seed = options.Seed + i });
        }
    }

    /// <inheritdoc/>
    public int Rounds => _boosters.Max(booster => booster.Rounds);

    /// <inheritdoc/>
    public bool Grow(int rounds, CancellationToken cancellation)
    {
        var more = false;
        foreach (var booster in _boosters)
        {
            var before = booster.Rounds;
            more |= booster.Grow(rounds, cancellation);
            if (booster.Rounds > before)
            {
                var added = booster.PredictRaw(_asked.Features, before);
                for (var row = 0; row < _raw.Length; row++)
                {
                    _raw[row] += added[row] / _boosters.Length;
                }
            }
        }

        return more;
    }

    /// <inheritdoc/>
    public double[] Scores() => Array.ConvertAll(_raw, Logistic.Of);

    /// <inheritdoc/>
    public double[] Importance() => Parsed()
        .Select(booster => booster.GainByFeature())
        .Aggregate((a, b) => [.. a.Zip(b, (x, y) => x + y)]);

    /// <inheritdoc/>
    public GradientBoostedTrees? Trees() => TreesMath.Mean([.. Parsed()]);

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var booster in _boosters)
        {
            booster.Dispose();
        }
    }

    private IEnumerable<GradientBoostedTrees> Parsed() =>
        _boosters.Select(booster => GradientBoostedTrees.Parse(booster.ModelText(), _train.FeatureNames));
}
