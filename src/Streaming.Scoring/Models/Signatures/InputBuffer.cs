// Hot: filled once per score.
using System.Collections.Immutable;
using System.Numerics;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace Streaming.Scoring.Models.Signatures;

/// <summary>The pinned memory of one input.</summary>
internal abstract class InputBuffer(ModelInput input)
{
    public ModelInput Input { get; } = input;

    public static InputBuffer Of(ModelInput input, int features, int maxRows) => input.Type switch
    {
        TensorElementType.Double => new InputBuffer<double>(input, features, maxRows, takesFractions: true),
        TensorElementType.Int64 => new InputBuffer<long>(input, features, maxRows, takesFractions: false),
        TensorElementType.Int32 => new InputBuffer<int>(input, features, maxRows, takesFractions: false),
        _ when IsWholeRow(input.Features, features) => new RowBuffer(input, maxRows),
        _ => new InputBuffer<float>(input, features, maxRows, takesFractions: true),
    };

    /// <summary>Takes its columns out of rows.</summary>
    /// <exception cref="ArithmeticException">An input of whole numbers gets another.</exception>
    public abstract void Fill(ReadOnlySpan<float> rows, int count);

    /// <summary>The first rows as a tensor, which the caller disposes.</summary>
    public abstract OrtValue Tensor(int rows);

    private static bool IsWholeRow(ImmutableArray<int> columns, int features) => columns.SequenceEqual(Enumerable.Range(0, features));
}

/// <summary>Takes floats row by row, as they are.</summary>
internal sealed class RowBuffer(ModelInput input, int maxRows) : InputBuffer(input)
{
    private readonly float[] _values = GC.AllocateArray<float>(maxRows * input.Features.Length, pinned: true);

    public override void Fill(ReadOnlySpan<float> rows, int count) => rows.CopyTo(_values);

    public override OrtValue Tensor(int rows) =>
        OrtValue.CreateTensorValueFromMemory(
            OrtMemoryInfo.DefaultInstance, _values.AsMemory(0, rows * Input.Features.Length), Input.Shape(rows));
}

/// <summary>Picks columns and converts them.</summary>
internal sealed class InputBuffer<T>(ModelInput input, int features, int maxRows, bool takesFractions) : InputBuffer(input)
    where T : unmanaged, INumber<T>
{
    private readonly int[] _columns = [.. input.Features];
    private readonly T[] _values = GC.AllocateArray<T>(maxRows * input.Features.Length, pinned: true);

    public override void Fill(ReadOnlySpan<float> rows, int count)
    {
        var at = 0;
        for (var row = 0; row < count; row++)
        {
            var values = rows.Slice(row * features, features);
            foreach (var column in _columns)
            {
                var value = values[column];
                if (!takesFractions && !float.IsInteger(value))
                {
                    ThrowFraction(value);
                }

                // Checked: a whole number that is too large for the type throws as well.
                _values[at++] = T.CreateChecked(value);
            }
        }
    }

    public override OrtValue Tensor(int rows) =>
        OrtValue.CreateTensorValueFromMemory(OrtMemoryInfo.DefaultInstance, _values.AsMemory(0, rows * _columns.Length), Input.Shape(rows));

    private void ThrowFraction(float value) => throw new ArithmeticException(
        $"the input \"{Input.Name}\" is {Input.Type} and takes whole numbers, but got {value}; give its feature a default, or export the " +
        "model with a float input");
}
