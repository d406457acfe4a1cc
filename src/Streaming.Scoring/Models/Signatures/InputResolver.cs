using System.Collections.Immutable;
using Microsoft.ML.OnnxRuntime;
using Streaming.Hocon;

namespace Streaming.Scoring.Models.Signatures;

/// <summary>Says which feature goes into which column of which input.</summary>
internal sealed class InputResolver(string path, ModelMetadata metadata, ImmutableArray<string> service, ModelMapping mapping)
{
    /// <summary>The inputs, and how many numbers a row has.</summary>
    /// <exception cref="ModelException">An input cannot be served, or it is not clear what goes into it.</exception>
    public (ImmutableArray<ModelInput> Inputs, int Features, bool IsSingleRow) Resolve(InferenceSession session)
    {
        var shapes = session.InputNames.Select(name => InputShape.Of(path, name, session.InputMetadata[name])).ToImmutableArray();
        if (shapes.IsEmpty)
        {
            throw new ModelException($"model {path}: it has no inputs, so its answer is always the same; export it again");
        }

        var (inputs, features) = !mapping.Inputs.IsEmpty ? Declared(shapes) : shapes.Length == 1 ? Whole(shapes[0]) : ByName(shapes);
        return (inputs, features, shapes.Any(shape => shape.IsSingleRow));
    }

    private (ImmutableArray<ModelInput> Inputs, int Features) Declared(ImmutableArray<InputShape> shapes)
    {
        var names = shapes.Select(shape => shape.Name).ToArray();
        if (mapping.Inputs.FirstOrDefault(one => !names.Contains(one.Input)) is { } unknown)
        {
            throw MappingFaults.UnknownInput(path, unknown, names);
        }

        var features = service.IsDefaultOrEmpty ? [.. mapping.Inputs.SelectMany(one => one.Features).Distinct()] : service;
        FeatureNames.CheckOrder(path, metadata, [.. shapes.SelectMany(shape => Of(shape).Features)]);
        return ([.. shapes.Select(shape => Input(shape, [.. Of(shape).Features.Select(name => features.IndexOf(name))]))], features.Length);
    }

    private InputMapping Of(InputShape shape)
    {
        var declared = mapping.Inputs.FirstOrDefault(one => one.Input == shape.Name)
            ?? throw MappingFaults.UnmappedInput(path, shape.Text, shape.Name, mapping.Inputs[^1]);
        return shape.Columns < 0 || shape.Columns == declared.Features.Length
            ? declared
            : throw MappingFaults.WrongWidth(path, declared, shape.Text, shape.Columns);
    }

    private (ImmutableArray<ModelInput> Inputs, int Features) Whole(InputShape shape)
    {
        var columns = shape.Columns > 0 ? shape.Columns : service.IsDefaultOrEmpty ? metadata.Features.Length : service.Length;
        if (columns == 0)
        {
            throw new ModelException($"model {path}: its input {shape.Text} leaves open how many features it takes; {Advice(shape)}");
        }

        FeatureNames.Check(path, metadata, columns, service);
        return ([Input(shape, [.. Enumerable.Range(0, columns)])], columns);
    }

    private (ImmutableArray<ModelInput> Inputs, int Features) ByName(ImmutableArray<InputShape> shapes)
    {
        var features = service.IsDefaultOrEmpty ? metadata.Features : service;
        return ([.. shapes.Select(shape => Input(shape, [Match(shape, features)]))], features.Length);
    }

    private int Match(InputShape shape, ImmutableArray<string> features)
    {
        if (shape.Columns is not (1 or -1))
        {
            throw new ModelException(
                $"model {path}: it has several inputs, and {shape.Text} takes {Counted.Of(shape.Columns, "feature")}; {Advice(shape)}");
        }

        foreach (var written in (ReadOnlySpan<Func<string, string>>)[name => name, Flat, LastPart])
        {
            var found = Enumerable.Range(0, features.Length).Where(at => written(features[at]) == shape.Name).ToArray();
            if (found.Length == 1)
            {
                return found[0];
            }
        }

        throw new ModelException(
            $"model {path}: no feature of the service has the name of its input {shape.Text}" +
            $"{NearestName.Phrase(shape.Name, features)}; {Advice(shape)}");
    }

    // As exporters write a name that may not have a dot.
    private static string Flat(string feature) => feature.Replace('.', '_');

    private static string LastPart(string feature) => feature[(feature.LastIndexOf('.') + 1)..];

    private static string Advice(InputShape shape) =>
        $"say in the model's definition what it takes: inputs {{ \"{shape.Name}\" = {(shape.IsFlat ? "FEATURE" : "[FEATURE, ...]")} }}";

    private static ModelInput Input(InputShape shape, ImmutableArray<int> features) => new(shape.Name, shape.Type, shape.IsFlat, features);
}
