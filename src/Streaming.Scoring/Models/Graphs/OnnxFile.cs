using System.Collections.Immutable;
using Google.Protobuf;

namespace Streaming.Scoring.Models.Graphs;

/// <summary>
/// An ONNX file before ONNX Runtime has it. A ZipMap, which makes a dictionary of each row's probabilities, is cut off: scoring
/// reads the tensor that goes into it, without an object a row.
/// </summary>
internal sealed class OnnxFile
{
    private const string ZipMap = "ZipMap";

    private readonly Dictionary<string, ImmutableArray<string>> _labels = [];

    private OnnxFile(ModelProto model, byte[] bytes)
    {
        Graph = model.Graph ?? new GraphProto();
        Cut = CutZipMaps();
        Bytes = Cut.IsEmpty ? bytes : model.ToByteArray();
    }

    /// <summary>The graph, as ONNX Runtime gets it.</summary>
    public GraphProto Graph { get; }

    /// <summary>The file without ZipMaps.</summary>
    public byte[] Bytes { get; }

    /// <summary>By the name of an output that was a ZipMap's, the tensor that is read in its place.</summary>
    public ImmutableDictionary<string, string> Cut { get; }

    /// <exception cref="ModelException">It is not there or is no ONNX file.</exception>
    public static OnnxFile Read(string path)
    {
        if (!File.Exists(path))
        {
            throw new ModelException($"model {path}: there is no such file");
        }

        try
        {
            var bytes = File.ReadAllBytes(path);
            return new(RequireWhole(path, ModelProto.Parser.ParseFrom(bytes)), bytes);
        }
        catch (InvalidProtocolBufferException e)
        {
            throw new ModelException($"model {path}: ONNX Runtime does not load it (it is no ONNX file); check that it is whole", e);
        }
        catch (IOException e)
        {
            throw new ModelException($"model {path}: it cannot be read: {e.Message}", e);
        }
    }

    /// <summary>The names of the classes whose probabilities are in a tensor's columns; empty where the file does not say.</summary>
    public ImmutableArray<string> ClassesOf(string tensor)
    {
        if (_labels.TryGetValue(tensor, out var zipped))
        {
            return zipped;
        }

        while (Graph.Node.FirstOrDefault(node => node.Output.Contains(tensor)) is { } node)
        {
            var labels = LabelsOf(node);
            if (!labels.IsEmpty)
            {
                return labels;
            }

            if (node.OpType is not ("Normalizer" or "Identity" or "Cast" or "Softmax" or "Sigmoid") || node.Input.Count != 1)
            {
                break;
            }

            tensor = node.Input[0];
        }

        return [];
    }

    // A version is one file: its hash names it, and the registry copies it. Weights elsewhere could change or be left behind unnoticed.
    private static ModelProto RequireWhole(string path, ModelProto model)
    {
        var elsewhere = model.Graph?.Initializer.FirstOrDefault(
            static tensor => tensor.DataLocation == TensorProto.Types.DataLocation.External);
        var file = elsewhere?.ExternalData.FirstOrDefault(static entry => entry.Key == "location")?.Value;
        return elsewhere is null ? model : throw new ModelException(
            $"model {path}: its weights \"{elsewhere.Name}\" are in another file ({file}); save it as one file, in Python: " +
            "onnx.save_model(onnx.load(FILE), FILE, save_as_external_data=False)");
    }

    private ImmutableDictionary<string, string> CutZipMaps()
    {
        var cut = ImmutableDictionary.CreateBuilder<string, string>();
        foreach (var node in Graph.Node.Where(node => node.OpType == ZipMap && node.Input.Count == 1).ToArray())
        {
            var at = Graph.Output.ToList().FindIndex(output => output.Name == node.Output[0]);
            if (at < 0)
            {
                continue;
            }

            cut[node.Output[0]] = node.Input[0];
            _labels[node.Input[0]] = LabelsOf(node);
            Graph.Node.Remove(node);
            if (Graph.Output.Any(output => output.Name == node.Input[0]))
            {
                Graph.Output.RemoveAt(at);
            }
            else
            {
                Graph.Output[at] = new ValueInfoProto { Name = node.Input[0], Type = Floats() };
            }
        }

        return cut.ToImmutable();
    }

    // Without a shape: ONNX Runtime finds it.
    private static TypeProto Floats() => new() { TensorType = new TypeProto.Types.Tensor { ElemType = 1 } };

    private static ImmutableArray<string> LabelsOf(NodeProto node)
    {
        foreach (var attribute in node.Attribute.Where(one => one.Name.StartsWith("classlabels_", StringComparison.Ordinal)))
        {
            if (attribute.Ints.Count > 0)
            {
                return [.. attribute.Ints.Select(label => label.ToString(System.Globalization.CultureInfo.InvariantCulture))];
            }

            if (attribute.Strings.Count > 0)
            {
                return [.. attribute.Strings.Select(label => label.ToStringUtf8())];
            }
        }

        return [];
    }
}
