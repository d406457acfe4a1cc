using System.Collections.Immutable;
using System.Globalization;
using Microsoft.ML.OnnxRuntime;
using Streaming.Hocon;

namespace Streaming.Scoring.Models.Signatures;

/// <summary>Says which number of a file's outputs is the score.</summary>
internal static class OutputResolver
{
    /// <exception cref="ModelException">There is none, or it is not clear which.</exception>
    public static ModelOutput Resolve(
        string path, OpenModel model, ImmutableArray<ModelInput> inputs, bool isSingleRow, OutputMapping? mapping)
    {
        var shapes = OutputShape.Of(path, model, inputs, isSingleRow ? 1 : 2);
        if (shapes.IsEmpty)
        {
            throw new ModelException(
                $"model {path}: no output can be read: it has {NodeText.Of(model.Session.OutputMetadata)}; a score needs an output that " +
                "is float or double of [rows, columns] or [rows]; export the model with its probabilities as a tensor");
        }

        var output = mapping?.Name is null ? Only(path, shapes, model.Session) : Named(path, shapes, mapping);
        RequireClasses(path, output);
        return new(output.Tensor, output.Type, output.IsFlat, output.Width, Column(path, output, mapping));
    }

    private static OutputShape Named(string path, ImmutableArray<OutputShape> shapes, OutputMapping mapping) =>
        shapes.FirstOrDefault(shape => shape.Name == mapping.Name || shape.Tensor == mapping.Name)
        ?? throw MappingFaults.UnknownOutput(path, mapping, [.. shapes.Select(shape => shape.Name)]);

    private static OutputShape Only(string path, ImmutableArray<OutputShape> shapes, InferenceSession session)
    {
        var narrow = shapes.Where(shape => shape.Width <= 2).ToArray();
        return narrow.Length == 1 ? narrow[0]
            : shapes.Length == 1 ? shapes[0]
            : throw new ModelException(
                $"model {path}: it is not clear which of its outputs {string.Join(", ", shapes.Select(shape => shape.Text))} is the " +
                $"score; say it in the model's definition: output {{ name = {shapes[0].Name}, column = 0 }}" +
                (session.OutputNames.Count > shapes.Length ? " (its other outputs hold no real numbers)" : ""));
    }

    /// <summary>A column whose class has another's name would be another's probability.</summary>
    private static void RequireClasses(string path, OutputShape output)
    {
        var isNamed = output.Name != output.Tensor || (output.Width > 1 && !output.Classes.IsEmpty);
        if (isNamed && output.Classes.Length != output.Width)
        {
            throw new ModelException(string.Create(
                CultureInfo.InvariantCulture,
                $"model {path}: its output {output.Text} has {Counted.Of(output.Width, "column")}, but its classes are " +
                $"{output.Classes.Length}: {string.Join(", ", output.Classes)}; export it again with a class a column"));
        }
    }

    private static int Column(string path, OutputShape output, OutputMapping? mapping)
    {
        if (mapping?.Class is { } wanted)
        {
            var at = output.Classes.IndexOf(wanted);
            return at >= 0 && at < output.Width ? at : throw MappingFaults.NoSuchClass(path, mapping, output.Text, output.Classes);
        }

        if (mapping?.Column is { } column)
        {
            return column < output.Width ? column : throw MappingFaults.NoSuchColumn(path, mapping, output.Text, output.Width);
        }

        return output.Width == 2 && output.Classes.Length == 2 ? Positive(path, output)
            : output.Width <= 2 ? output.Width - 1
            : throw new ModelException(string.Create(
                CultureInfo.InvariantCulture,
                $"model {path}: its output {output.Text} has {output.Width} columns, and it is not clear which is the score; say it in " +
                $"the model's definition: output {{ name = {output.Name}, column = {output.Width - 1} }}"));
    }

    // Columns are in the order of the classes, which is that of the alphabet where they are texts.
    private static int Positive(string path, OutputShape output) => output.Classes switch
    {
        ["0" or "-1", "1"] => 1,
        ["1", "0" or "-1"] => 0,
        _ => throw new ModelException(
            $"model {path}: its output {output.Text} has the classes {string.Join(", ", output.Classes)}, and it is not clear of which " +
            $"the score is the probability; say it in the model's definition: output {{ class = {output.Classes[1]} }}"),
    };
}
