using System.Collections.Immutable;
using System.Security.Cryptography;
using Streaming.Scoring.Models;

namespace Streaming.Offline.Gate;

/// <summary>
/// The admission gate: a model file is held to what it should answer, on every row, as scoring runs it. Nothing is put in place that
/// did not pass.
/// </summary>
public static class ModelGate
{
    /// <summary>The bound for models of up to 100 trees that are trained here: ONNX Runtime adds floats, training doubles.</summary>
    public const double TrainedBound = 1e-6;

    /// <summary>The bound for given predictions, unless another is declared: they may have been rounded when they were written.</summary>
    public const double PredictionsBound = 1e-5;

    /// <summary>
    /// The bound for models of more trees: it grows with them, as the error of a sum of floats grows with its terms (Higham: Accuracy and
    /// Stability of Numerical Algorithms, 2002, 4.2).
    /// </summary>
    /// <param name="trees">How many trees are added.</param>
    public static double TrainedBoundOf(int trees) => TrainedBound * Math.Max(1, trees / 100.0);

    /// <summary>Checks a file. A file that cannot be served is a result with a fault, not an exception.</summary>
    /// <param name="path">The ONNX file.</param>
    /// <param name="features">The features of its service, in order.</param>
    /// <param name="mapping">How its definition maps them.</param>
    /// <param name="reference">What it is held to.</param>
    /// <param name="bound">The largest difference of scores that is accepted.</param>
    /// <param name="cancellation">Ends it between two checks.</param>
    public static GateResult Check(
        string path,
        ImmutableArray<string> features,
        ModelMapping mapping,
        GateReference reference,
        double bound,
        CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(reference);
        var result = new GateResult
        {
            File = path,
            Sha256 = "",
            Reference = reference.Name,
            Bound = bound,
            Rows = reference.Expected.Length,
        };
        try
        {
            using var served = OnnxModel.Load(path, features, mapping);
            var run = new GateRun(served, features, reference, bound);
            return result with { Sha256 = Hash(path), Checks = run.Checks(cancellation) };
        }
        catch (Exception e) when (e is ModelException or IOException or UnauthorizedAccessException)
        {
            return result with { Fault = e.Message };
        }
    }

    private static string Hash(string path)
    {
        using var file = File.OpenRead(path);
        return "sha256:" + Convert.ToHexStringLower(SHA256.HashData(file));
    }
}
