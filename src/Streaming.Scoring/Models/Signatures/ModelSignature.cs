using System.Collections.Immutable;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace Streaming.Scoring.Models.Signatures;

/// <summary>What scoring gives to a model file and takes from it.</summary>
/// <param name="Inputs">All inputs of the file.</param>
/// <param name="Output">The output with the score.</param>
/// <param name="Features">How many numbers a row has.</param>
/// <param name="MaxRows">The most rows of one run: 1 for a file that was exported for single rows.</param>
internal sealed record ModelSignature(ImmutableArray<ModelInput> Inputs, ModelOutput Output, int Features, int MaxRows);

/// <summary>One input, a tensor of [rows, columns] or [rows].</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">Float, Double, Int64 or Int32.</param>
/// <param name="IsFlat">Whether it is [rows].</param>
/// <param name="Features">Which number of a row each column takes.</param>
internal sealed record ModelInput(string Name, TensorElementType Type, bool IsFlat, ImmutableArray<int> Features)
{
    /// <summary>The tensor's shape for a number of rows.</summary>
    public long[] Shape(int rows) => IsFlat ? [rows] : [rows, Features.Length];
}

/// <summary>One output, a tensor of [rows, width] or [rows].</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">Float or Double.</param>
/// <param name="IsFlat">Whether it is [rows].</param>
/// <param name="Width">How many columns it has; 1 where it is flat.</param>
/// <param name="Column">The column with the score.</param>
internal sealed record ModelOutput(string Name, TensorElementType Type, bool IsFlat, int Width, int Column)
{
    /// <summary>The tensor's shape for a number of rows.</summary>
    public long[] Shape(int rows) => IsFlat ? [rows] : [rows, Width];
}
