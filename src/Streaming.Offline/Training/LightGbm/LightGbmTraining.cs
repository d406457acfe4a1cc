using System.Text;
using static Streaming.Offline.Training.LightGbm.LightGbmNative;

namespace Streaming.Offline.Training.LightGbm;

/// <summary>A booster in the making: trees are added some at a time, and what they add to scores can be asked for in between.</summary>
internal sealed class LightGbmTraining : IDisposable
{
    private readonly DatasetHandle _dataset;
    private readonly BoosterHandle _booster;
    private readonly int _columns;

    /// <exception cref="LightGbmException">LightGBM refuses the rows or the options.</exception>
    public LightGbmTraining(TrainingSet set, BoostingOptions options)
    {
        var parameters = options.ToParameters();
        _columns = set.Columns;
        _dataset = Dataset(set, parameters);
        var result = BoosterCreate(_dataset, parameters, out var booster);
        _booster = new BoosterHandle(booster);
        Check(result, "booster");
    }

    /// <summary>Trees so far.</summary>
    public int Rounds { get; private set; }

    /// <summary>Adds trees, fewer than asked for where no split helps any more.</summary>
    /// <returns>Whether more may be added.</returns>
    public bool Grow(int rounds, CancellationToken cancellation)
    {
        Quieten();
        for (var round = 0; round < rounds; round++)
        {
            cancellation.ThrowIfCancellationRequested();
            Check(BoosterUpdateOneIter(_booster, out var finished), $"round {Rounds}");
            if (finished != 0)
            {
                return false;
            }

            Rounds++;
        }

        return true;
    }

    /// <summary>The sums of the leaves of the trees from <paramref name="firstRound"/> on, a row each.</summary>
    public unsafe double[] PredictRaw(ReadOnlySpan<float> rows, int firstRound)
    {
        var count = rows.Length / _columns;
        var scores = new double[count];
        fixed (float* data = rows)
        fixed (double* result = scores)
        {
            var call = BoosterPredictForMat(
                _booster, data, Float32, count, _columns, isRowMajor: 1, RawScore, firstRound, -1, "num_threads=1", out _, result);
            Check(call, $"prediction of {count} rows");
        }

        return scores;
    }

    /// <summary>The trees as LightGBM writes them.</summary>
    public unsafe string ModelText()
    {
        Check(BoosterSaveModelToString(_booster, 0, -1, 0, 0, out var length, null), "model text");
        var text = new byte[length];
        fixed (byte* buffer = text)
        {
            Check(BoosterSaveModelToString(_booster, 0, -1, 0, text.Length, out length, buffer), "model text");
        }

        return Encoding.UTF8.GetString(text, 0, (int)length - 1);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _booster.Dispose();
        _dataset.Dispose();
    }

    private static unsafe DatasetHandle Dataset(TrainingSet set, string parameters)
    {
        nint pointer;
        fixed (float* features = set.Features)
        {
            Check(
                DatasetCreateFromMat(features, Float32, set.Rows, set.Columns, isRowMajor: 1, parameters, 0, out pointer),
                $"dataset of {set.Rows} rows and {set.Columns} columns");
        }

        var dataset = new DatasetHandle(pointer);
        fixed (float* labels = set.Labels)
        {
            Check(DatasetSetField(dataset, "label", labels, set.Rows, Float32), "labels");
        }

        return dataset;
    }
}
