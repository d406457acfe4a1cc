using Streaming.Offline.Training.LightGbm;
using Streaming.Scoring.Models;

namespace Streaming.Offline.Training.Onnx;

/// <summary>
/// Holds an exported model to the trained one, on real rows: LightGBM's own answers, the trees evaluated here in doubles, and the
/// file as scoring runs it, singly and in batches.
/// </summary>
public static class OnnxParity
{
    /// <summary>The largest difference between a probability in training and in serving that is accepted.</summary>
    public const double Bound = 1e-6;

    /// <summary>Scores rows all three ways.</summary>
    /// <param name="model">The trained model.</param>
    /// <param name="onnxPath">The exported file.</param>
    /// <param name="rows">Row after row; 10,000 or so.</param>
    public static OnnxParityReport Check(GradientBoostedTrees model, string onnxPath, ReadOnlySpan<float> rows)
    {
        ArgumentNullException.ThrowIfNull(model);
        using var served = OnnxModel.Load(onnxPath, model.FeatureNames);
        using var trained = LightGbmBooster.Load(model.ModelText, model.FeatureNames.Length);
        var columns = model.FeatureNames.Length;
        var count = rows.Length / columns;
        var batch = new float[count];
        served.Score(rows, count, batch);
        var lightGbm = trained.Predict(rows, raw: false);
        var (ownToLightGbm, onnxToOwn) = (0.0, 0.0);
        for (var row = 0; row < count; row++)
        {
            var features = rows.Slice(row * columns, columns);
            var own = model.Predict(features);
            ownToLightGbm = Max(ownToLightGbm, own - lightGbm[row]);
            onnxToOwn = Max(Max(onnxToOwn, own - batch[row]), own - served.Score(features));
        }

        return new(count, ownToLightGbm, onnxToOwn);
    }

    // A NaN difference counts as the largest there is.
    private static double Max(double largest, double difference) =>
        double.IsNaN(difference) ? double.PositiveInfinity : Math.Max(largest, Math.Abs(difference));
}

/// <summary>How far apart the answers of one model are.</summary>
/// <param name="Rows">Rows compared.</param>
/// <param name="TreesToLightGbm">Largest absolute difference of our evaluation and LightGBM's probabilities.</param>
/// <param name="OnnxToTrees">Largest absolute difference of ONNX Runtime's and our evaluation's probabilities.</param>
public sealed record OnnxParityReport(int Rows, double TreesToLightGbm, double OnnxToTrees)
{
    /// <summary>Whether both are within <see cref="OnnxParity.Bound"/>.</summary>
    public bool WithinBound => TreesToLightGbm <= OnnxParity.Bound && OnnxToTrees <= OnnxParity.Bound;
}
