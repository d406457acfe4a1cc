using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace Streaming.Scoring.Models.Signatures;

/// <summary>One input of a file as far as the file says it, if numbers can be put into it.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Text">Name, type and shape, for messages.</param>
/// <param name="Type">The type of its numbers.</param>
/// <param name="IsFlat">Whether it is [rows] instead of [rows, columns].</param>
/// <param name="Columns">How many columns it has; -1 where the file leaves that open.</param>
/// <param name="IsSingleRow">Whether it takes exactly one row.</param>
internal sealed record InputShape(string Name, string Text, TensorElementType Type, bool IsFlat, int Columns, bool IsSingleRow)
{
    /// <exception cref="ModelException">No feature vector fits; the message says how to export the model so that one does.</exception>
    public static InputShape Of(string path, string name, NodeMetadata node)
    {
        var text = NodeText.Of(name, node);
        if (node.OnnxValueType != OnnxValueType.ONNX_TYPE_TENSOR)
        {
            throw Refused(path, text, "an input must be a tensor of numbers; export the model with tensors for inputs");
        }

        if (node.ElementDataType is not (TensorElementType.Float or TensorElementType.Double
            or TensorElementType.Int64 or TensorElementType.Int32))
        {
            throw Refused(path, text, node.ElementDataType == TensorElementType.String
                ? "a feature vector holds numbers and no texts; make a number of the text by a feature of the service, or export the " +
                  "model without the step that reads texts"
                : "an input must be float, double, int64 or int32; cast it inside the model");
        }

        var dimensions = node.Dimensions;
        if (dimensions.Length is not (1 or 2))
        {
            throw Refused(path, text, "an input must be [rows, columns] or [rows]; reshape it inside the model");
        }

        if (dimensions[0] is not (-1 or 1) || (dimensions.Length == 2 && dimensions[1] is 0 or < -1))
        {
            throw Refused(
                path,
                text,
                "the first dimension must be open, or 1; export the model with a dynamic first dimension (PyTorch: dynamic_axes)");
        }

        var isFlat = dimensions.Length == 1;
        return new(name, text, node.ElementDataType, isFlat, isFlat ? 1 : dimensions[1], dimensions[0] == 1);
    }

    private static ModelException Refused(string path, string text, string remedy) =>
        new($"model {path}: its input {text} cannot be served: {remedy}");
}
