using Google.Protobuf;
using Streaming.Offline.Files;
using Streaming.Scoring.Models.Graphs;
using Streaming.Scoring.Models;

namespace Streaming.Offline.Training.Onnx;

/// <summary>
/// Writes boosted trees as an ONNX model: input <c>input</c>, float [N, features]; output <c>score</c>, float [N, 1], the probability.
/// Two nodes, TreeEnsembleRegressor and Sigmoid: TreeEnsembleClassifier answers the same but also computes a label, which makes a
/// single row half again as slow, and ONNX Runtime leaves out the regressor's own LOGISTIC post-transform (docs/models.md).
/// </summary>
public static class OnnxExporter
{
    private const string TreeDomain = "ai.onnx.ml";
    private const int FloatElements = 1;

    /// <summary>Writes the file through a temporary one beside it, so that a reader never sees half a model.</summary>
    /// <exception cref="NotSupportedException">The trees treat zero as missing.</exception>
    public static void Write(GradientBoostedTrees trees, ModelMetadata metadata, string path)
    {
        ArgumentNullException.ThrowIfNull(trees);
        ArgumentNullException.ThrowIfNull(metadata);
        var model = Build(trees, metadata);
        var temporary = path + OutputFile.Temporary;
        using (var file = File.Create(temporary))
        {
            model.WriteTo(file);
        }

        File.Move(temporary, path, overwrite: true);
    }

    internal static ModelProto Build(GradientBoostedTrees trees, ModelMetadata metadata)
    {
        var graph = new GraphProto { Name = "boosted_trees" };
        graph.Input.Add(Matrix("input", trees.FeatureNames.Length));
        graph.Output.Add(Matrix("score", 1));
        graph.Node.Add(Ensemble(new TreeTable(trees)));
        graph.Node.Add(Node("Sigmoid", "", "raw", "score"));
        var model = new ModelProto { IrVersion = 8, ProducerName = "streaming", ProducerVersion = metadata.CreatedBy, Graph = graph };
        model.OpsetImport.Add(new OperatorSetIdProto { Domain = "", Version = 15 });
        model.OpsetImport.Add(new OperatorSetIdProto { Domain = TreeDomain, Version = 3 });
        model.MetadataProps.AddRange(
            metadata.ToProperties().Select(entry => new StringStringEntryProto { Key = entry.Key, Value = entry.Value }));
        return model;
    }

    private static NodeProto Ensemble(TreeTable table)
    {
        var node = Node("TreeEnsembleRegressor", TreeDomain, "input", "raw");
        node.Attribute.AddRange(table.NodeAttributes());
        node.Attribute.AddRange(table.LeafAttributes());
        node.Attribute.Add(OnnxAttribute.Int("n_targets", 1));
        node.Attribute.Add(OnnxAttribute.Floats("base_values", [table.BaseValue]));
        node.Attribute.Add(OnnxAttribute.Text("aggregate_function", "SUM"));
        node.Attribute.Add(OnnxAttribute.Text("post_transform", "NONE"));
        return node;
    }

    private static NodeProto Node(string operation, string domain, string input, string output)
    {
        var node = new NodeProto { OpType = operation, Domain = domain, Name = output };
        node.Input.Add(input);
        node.Output.Add(output);
        return node;
    }

    private static ValueInfoProto Matrix(string name, int columns)
    {
        var shape = new TensorShapeProto();
        shape.Dim.Add(new TensorShapeProto.Types.Dimension { DimParam = "N" });
        shape.Dim.Add(new TensorShapeProto.Types.Dimension { DimValue = columns });
        return new()
        {
            Name = name,
            Type = new TypeProto { TensorType = new TypeProto.Types.Tensor { ElemType = FloatElements, Shape = shape } },
        };
    }
}
