using Streaming.Cli.Shell;
using Streaming.Offline.Gate;
using Streaming.Offline.Training;
using Streaming.Scoring.Models;

namespace Streaming.Cli.Commands;

/// <summary>Puts a trained model in the place of the one that nodes read.</summary>
internal static class ModelExport
{
    /// <summary>Writes the model to a candidate file, and replaces the model's file only if the gate lets it pass.</summary>
    /// <param name="model">The trained model.</param>
    /// <param name="file">The file that nodes read.</param>
    /// <param name="rows">All rows that the model is tested on.</param>
    /// <param name="cancellation">Ends it; the file is left as it was.</param>
    /// <exception cref="CliFailure">It does not pass; the text says why.</exception>
    public static GateResult Replace(TrainedModel model, string file, float[] rows, CancellationToken cancellation)
    {
        var candidate = file + ".candidate";
        model.Save(candidate);
        var result = ModelGate.Check(
            candidate,
            model.Trees.FeatureNames,
            ModelMapping.None,
            new TrainedReference(model.Trees, rows),
            ModelGate.TrainedBoundOf(model.Trees.Trees.Length),
            cancellation);
        if (!result.Passed)
        {
            throw new CliFailure(ExitCode.Different, [.. GateReport.Refusal(result), $"{file} is left as it was"]);
        }

        File.Move(candidate, file, overwrite: true);
        return result with { File = file };
    }
}
