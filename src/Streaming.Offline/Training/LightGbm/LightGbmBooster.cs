using static Streaming.Offline.Training.LightGbm.LightGbmNative;

namespace Streaming.Offline.Training.LightGbm;

/// <summary>Training and predicting with the native library, from a training set to LightGBM's model text.</summary>
internal sealed class LightGbmBooster : IDisposable
{
    private readonly BoosterHandle _booster;
    private readonly int _columns;

    private LightGbmBooster(BoosterHandle booster, int columns)
    {
        _booster = booster;
        _columns = columns;
    }

    /// <summary>Trains and returns LightGBM's model text.</summary>
    public static string Train(TrainingSet set, BoostingOptions options, CancellationToken cancellation)
    {
        using var training = new LightGbmTraining(set, options);
        training.Grow(options.Rounds, cancellation);
        return training.ModelText();
    }

    /// <summary>Loads a model text, to predict with LightGBM itself.</summary>
    public static LightGbmBooster Load(string modelText, int columns)
    {
        Check(BoosterLoadModelFromString(modelText, out _, out var booster), "model text");
        return new(new BoosterHandle(booster), columns);
    }

    /// <summary>LightGBM's own answers: probabilities, or the sums of the leaves.</summary>
    public unsafe double[] Predict(ReadOnlySpan<float> rows, bool raw)
    {
        var count = rows.Length / _columns;
        var scores = new double[count];
        fixed (float* data = rows)
        fixed (double* result = scores)
        {
            var call = BoosterPredictForMat(
                _booster, data, Float32, count, _columns, isRowMajor: 1, raw ? RawScore : Normal, 0, -1, "num_threads=1", out _, result);
            Check(call, $"prediction of {count} rows");
        }

        return scores;
    }

    public void Dispose() => _booster.Dispose();
}
