using System.Collections.Immutable;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;
using Streaming.Scoring.Models.Graphs;

namespace Streaming.Scoring.Models.Signatures;

/// <summary>One output of a file that a score can be read from, as a run with rows of zeros gave it.</summary>
/// <param name="Name">Its name in the file.</param>
/// <param name="Tensor">What is read: the tensor that goes into the output's ZipMap, or itself.</param>
/// <param name="Type">Float or Double.</param>
/// <param name="IsFlat">Whether it is [rows] instead of [rows, columns].</param>
/// <param name="Width">How many columns it has.</param>
/// <param name="Classes">The columns' classes, where the file names them.</param>
internal sealed record OutputShape(
    string Name, string Tensor, TensorElementType Type, bool IsFlat, int Width, ImmutableArray<string> Classes)
{
    /// <summary>Name, type and shape, for messages.</summary>
    public string Text => $"\"{Name}\" ({Type} [rows{(IsFlat ? "" : $", {Width}")}])";

    /// <summary>The outputs of a file that scores can be read from.</summary>
    /// <exception cref="ModelException">It does not answer a row of zeros.</exception>
    public static ImmutableArray<OutputShape> Of(
        string path, OpenModel model, ImmutableArray<ModelInput> inputs, int rows)
    {
        var (file, session, watch) = model;
        var names = file.Cut.ToDictionary(cut => cut.Value, cut => cut.Key);
        var tensors = session.OutputNames.Where(name => IsReal(session.OutputMetadata[name])).ToArray();
        if (tensors.Length == 0)
        {
            return [];
        }

        var zeros = inputs.Select(input => Zeros(input, rows)).ToArray();
        try
        {
            using var answers = Run(session, watch, inputs, zeros, tensors);
            return [.. tensors.Select((tensor, at) => Of(names.GetValueOrDefault(tensor, tensor), tensor, answers[at], rows, file))
                .OfType<OutputShape>()];
        }
        catch (OnnxRuntimeException e)
        {
            throw new ModelException(
                $"model {path}: it does not answer {(rows == 1 ? "a row" : $"{rows} rows")} of zeros ({e.Message}); " +
                "run it where it was made, with inputs of these shapes: " +
                string.Join(", ", inputs.Select(input => ShapeText(input, rows))),
                e);
        }
        finally
        {
            Array.ForEach(zeros, zero => zero.Dispose());
        }
    }

    private static IDisposableReadOnlyCollection<OrtValue> Run(
        InferenceSession session, RunWatch watch, ImmutableArray<ModelInput> inputs, OrtValue[] zeros, string[] outputs)
    {
        using var run = watch.Add();
        var begun = run.Begin();
        try
        {
            return session.Run(run.Options, [.. inputs.Select(input => input.Name)], zeros, outputs);
        }
        catch (OnnxRuntimeException e)
        {
            run.ThrowIfStopped(e);
            throw;
        }
        finally
        {
            run.End(begun);
        }
    }

    private static OutputShape? Of(string name, string tensor, OrtValue answer, int rows, OnnxFile file)
    {
        var info = answer.GetTensorTypeAndShape();
        var shape = info.Shape;
        return shape.Length is 1 or 2 && shape[0] == rows && (shape.Length == 1 || shape[1] > 0)
            ? new(name, tensor, info.ElementDataType, shape.Length == 1, shape.Length == 1 ? 1 : (int)shape[1], file.ClassesOf(tensor))
            : null;
    }

    private static string ShapeText(ModelInput input, int rows) => $"\"{input.Name}\" [{string.Join(", ", input.Shape(rows))}]";

    private static bool IsReal(NodeMetadata node) => node.OnnxValueType == OnnxValueType.ONNX_TYPE_TENSOR
        && node.ElementDataType is TensorElementType.Float or TensorElementType.Double;

    private static OrtValue Zeros(ModelInput input, int rows)
    {
        var value = OrtValue.CreateAllocatedTensorValue(OrtAllocator.DefaultInstance, input.Type, input.Shape(rows));
        value.GetTensorMutableRawData().Clear();
        return value;
    }
}
