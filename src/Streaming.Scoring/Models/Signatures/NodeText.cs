using Microsoft.ML.OnnxRuntime;

namespace Streaming.Scoring.Models.Signatures;

/// <summary>An input or output of a file in messages: name, type and shape.</summary>
internal static class NodeText
{
    public static string Of(string name, NodeMetadata node) => $"\"{name}\" ({TypeOf(node)})";

    public static string Of(IReadOnlyDictionary<string, NodeMetadata> nodes) =>
        string.Join(", ", nodes.Select(node => Of(node.Key, node.Value)));

    private static string TypeOf(NodeMetadata node) => node.OnnxValueType == OnnxValueType.ONNX_TYPE_TENSOR
        ? $"{node.ElementDataType} [{string.Join(", ", node.Dimensions.Select((size, at) => Dimension(node, size, at)))}]"
        : node.OnnxValueType switch
        {
            OnnxValueType.ONNX_TYPE_SEQUENCE => "a sequence",
            OnnxValueType.ONNX_TYPE_MAP => "a map",
            OnnxValueType.ONNX_TYPE_SPARSETENSOR => "a sparse tensor",
            OnnxValueType.ONNX_TYPE_OPTIONAL => "an optional value",
            _ => node.OnnxValueType.ToString(),
        };

    private static string Dimension(NodeMetadata node, int size, int at) =>
        size >= 0 ? size.ToString(System.Globalization.CultureInfo.InvariantCulture)
        : at < node.SymbolicDimensions.Length && node.SymbolicDimensions[at].Length > 0 ? node.SymbolicDimensions[at] : "?";
}
