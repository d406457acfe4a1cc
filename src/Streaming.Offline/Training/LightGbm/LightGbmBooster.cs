using System.Text;
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
    public static unsafe string Train(TrainingSet set, BoostingOptions options, CancellationToken cancellation)
    {
        var parameters = options.ToParameters();
        nint datasetPointer;
        fixed (float* features = set.Features)
        {
            Check(
                DatasetCreateFromMat(features, Float32, set.Rows, set.Columns, isRowMajor: 1, parameters, 0, out datasetPointer),
                $"dataset of {set.Rows} rows and {set.Columns} columns");
        }

        using var dataset = new DatasetHandle(datasetPointer);
        fixed (float* labels = set.Labels)
        {
            Check(DatasetSetField(dataset, "label", labels, set.Rows, Float32), "labels");
        }

        Check(BoosterCreate(dataset, parameters, out var boosterPointer), "booster");
        using var booster = new BoosterHandle(boosterPointer);
        for (var round = 0; round < options.Rounds; round++)
        {
            cancellation.ThrowIfCancellationRequested();
            Check(BoosterUpdateOneIter(booster, out var finished), $"round {round}");
            if (finished != 0)
            {
                break;
            }
        }

        return ModelText(booster);
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

    private static unsafe string ModelText(BoosterHandle booster)
    {
        Check(BoosterSaveModelToString(booster, 0, -1, 0, 0, out var length, null), "model text");
        var text = new byte[length];
        fixed (byte* buffer = text)
        {
            Check(BoosterSaveModelToString(booster, 0, -1, 0, text.Length, out length, buffer), "model text");
        }

        return Encoding.UTF8.GetString(text, 0, (int)length - 1);
    }
}
