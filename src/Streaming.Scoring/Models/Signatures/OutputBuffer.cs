// Hot: read once per score.
using System.Numerics;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace Streaming.Scoring.Models.Signatures;

/// <summary>The pinned memory of the output.</summary>
internal abstract class OutputBuffer
{
    public static OutputBuffer Of(ModelOutput output, int maxRows) => output.Type == TensorElementType.Double
        ? new OutputBuffer<double>(output, maxRows)
        : new OutputBuffer<float>(output, maxRows);

    /// <summary>A row's score.</summary>
    public abstract float Score(int row);

    /// <summary>The first rows as a tensor, which the caller disposes.</summary>
    public abstract OrtValue Tensor(int rows);
}

/// <summary>The memory of an output of one type.</summary>
internal sealed class OutputBuffer<T>(ModelOutput output, int maxRows) : OutputBuffer
    where T : unmanaged, IFloatingPointIeee754<T>
{
    private readonly T[] _values = GC.AllocateArray<T>(maxRows * output.Width, pinned: true);

    public override float Score(int row) => float.CreateTruncating(_values[(row * output.Width) + output.Column]);

    public override OrtValue Tensor(int rows) =>
        OrtValue.CreateTensorValueFromMemory(OrtMemoryInfo.DefaultInstance, _values.AsMemory(0, rows * output.Width), output.Shape(rows));
}
