using Streaming.Cli.Shell;
using Streaming.Hocon;
using Streaming.Offline.Training;
using Streaming.Offline.Training.Onnx;

namespace Streaming.Cli.Commands;

/// <summary>Puts a trained model in the place of the one that nodes read.</summary>
internal static class ModelExport
{
    /// <summary>Writes the model to a candidate file, and replaces the model's file only if all evaluations agree.</summary>
    /// <exception cref="CliFailure">They do not; the text says how far.</exception>
    public static OnnxParityReport Replace(TrainedModel model, string file, ReadOnlySpan<float> rows)
    {
        var candidate = file + ".candidate";
        model.Save(candidate);
        var parity = OnnxParity.Check(model.Trees, candidate, rows);
        if (!parity.WithinBound)
        {
            throw new CliFailure(
                ExitCode.Different,
                $"{candidate}: the exported model differs from the trained one by " +
                $"{Math.Max(parity.OnnxToTrees, parity.TreesToLightGbm):g3} on {Counted.Of(parity.Rows, "row")}, more than " +
                $"{OnnxParity.Bound:g3}; {file} is left as it was");
        }

        File.Move(candidate, file, overwrite: true);
        return parity;
    }
}
