using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace Streaming.Scoring.Models;

/// <summary>The one input and the one output of a model that scoring uses.</summary>
/// <param name="Input">The input's name: float, [rows, <paramref name="Features"/>].</param>
/// <param name="Features">How many columns the input has.</param>
/// <param name="Output">The output's name: float, [rows, <paramref name="OutputWidth"/>].</param>
/// <param name="OutputWidth">1 for a score, 2 for the probabilities of both classes, of which the last is the score.</param>
internal sealed record ModelSignature(string Input, int Features, string Output, int OutputWidth)
{
    public static ModelSignature Of(string path, InferenceSession session)
    {
        var inputs = session.InputMetadata;
        if (inputs.Count != 1 || !IsMatrix(inputs.First().Value, out var features) || features < 1)
        {
            throw new ModelException($"model {path}: needs exactly one input, float of [rows, features]; it has {Describe(inputs)}");
        }

        var outputs = session.OutputMetadata.Where(output => IsMatrix(output.Value, out var width) && width is 1 or 2).ToArray();
        if (outputs.Length != 1)
        {
            throw new ModelException(
                $"model {path}: needs exactly one output that is float of [rows, 1] or [rows, 2]; it has " +
                $"{Describe(session.OutputMetadata)}. " +
                "Export a classifier without ZipMap");
        }

        return new(inputs.First().Key, features, outputs[0].Key, outputs[0].Value.Dimensions[1]);
    }

    private static bool IsMatrix(NodeMetadata node, out int columns)
    {
        var matrix = node.OnnxValueType == OnnxValueType.ONNX_TYPE_TENSOR
            && node.ElementDataType == TensorElementType.Float && node.Dimensions.Length == 2;
        columns = matrix ? node.Dimensions[1] : 0;
        return matrix;
    }

    private static string Describe(IReadOnlyDictionary<string, NodeMetadata> nodes) =>
        string.Join(", ", nodes.Select(node => node.Value.OnnxValueType == OnnxValueType.ONNX_TYPE_TENSOR
            ? $"{node.Key}: {node.Value.ElementDataType} [{string.Join(", ", node.Value.Dimensions)}]"
            : $"{node.Key}: {node.Value.OnnxValueType}"));
}
