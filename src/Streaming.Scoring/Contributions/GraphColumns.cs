using Google.Protobuf.Collections;
using Streaming.Scoring.Models.Graphs;
using Streaming.Scoring.Models.Signatures;

namespace Streaming.Scoring.Contributions;

/// <summary>A column of a tensor, as far as it is a feature of the row: scale * (feature - offset).</summary>
internal readonly record struct GraphColumn(int Feature, double Scale, double Offset);

/// <summary>Follows a tensor of a graph back to the features that its columns are.</summary>
internal sealed class GraphColumns(GraphProto graph, ModelSignature signature)
{
    /// <summary>The columns; null where they are anything but features, joined or scaled.</summary>
    public GraphColumn[]? Of(string tensor)
    {
        if (signature.Inputs.FirstOrDefault(one => one.Name == tensor) is { } input)
        {
            return [.. input.Features.Select(feature => new GraphColumn(feature, 1, 0))];
        }

        return graph.Node.FirstOrDefault(node => node.Output.Contains(tensor)) switch
        {
            { OpType: "Identity" or "Cast" } node => Of(node.Input[0]),
            { OpType: "Concat" } node => Joined(node),
            { OpType: "Scaler" } node => Scaled(node),
            _ => null,
        };
    }

    private GraphColumn[]? Joined(NodeProto node)
    {
        var parts = node.Input.Select(Of).ToArray();
        return Array.TrueForAll(parts, part => part is not null) ? [.. parts.SelectMany(part => part!)] : null;
    }

    private GraphColumn[]? Scaled(NodeProto node)
    {
        var columns = Of(node.Input[0]);
        var (offsets, scales) = (Floats(node, "offset"), Floats(node, "scale"));
        return columns is null || columns.Any(column => column is not { Scale: 1, Offset: 0 })
            ? null
            : [.. columns.Select((column, at) => column with { Scale = At(scales, at, 1), Offset = At(offsets, at, 0) })];
    }

    private static RepeatedField<float> Floats(NodeProto node, string name) =>
        node.Attribute.FirstOrDefault(attribute => attribute.Name == name)?.Floats ?? [];

    // One number stands for all columns.
    private static double At(RepeatedField<float> values, int at, double otherwise) =>
        values.Count == 0 ? otherwise : values.Count == 1 ? values[0] : values[at];
}
