using Streaming.Scoring.Models.Graphs;
using Streaming.Scoring.Models.Signatures;

namespace Streaming.Scoring.Contributions;

/// <summary>Finds out whether a model's scores can be explained exactly, by walking its graph back from the score.</summary>
internal sealed class ContributionsReader
{
    private readonly GraphProto _graph;
    private readonly ModelSignature _signature;
    private readonly GraphColumns _columns;

    private ContributionsReader(GraphProto graph, ModelSignature signature)
    {
        (_graph, _signature) = (graph, signature);
        _columns = new(graph, signature);
    }

    /// <summary>What explains the model; or why nothing does.</summary>
    public static (ScoreContributions? Contributions, string? Fault) Read(GraphProto graph, ModelSignature signature) =>
        new ContributionsReader(graph, signature).Read();

    private (ScoreContributions? Contributions, string? Fault) Read()
    {
        var (tensor, isLogistic) = (_signature.Output.Name, false);
        while (_graph.Node.FirstOrDefault(node => node.Output.Contains(tensor)) is { } node)
        {
            switch (node.OpType)
            {
                case "Sigmoid" when !isLogistic:
                    (tensor, isLogistic) = (node.Input[0], true);
                    break;
                case "Identity" or "Cast":
                    tensor = node.Input[0];
                    break;
                case "Normalizer" when OfTensor(node.Input[0])?.OpType == "LinearClassifier":
                    tensor = node.Input[0];
                    break;
                case "TreeEnsembleRegressor" or "TreeEnsembleClassifier":
                    return Trees(node, isLogistic);
                case "LinearClassifier" or "LinearRegressor":
                    return Linear(node, isLogistic);
                default:
                    return (null, $"its score comes from {node.OpType}, for which there are no exact contributions");
            }
        }

        return (null, "its score comes from none of its nodes");
    }

    private NodeProto? OfTensor(string tensor) => _graph.Node.FirstOrDefault(node => node.Output.Contains(tensor));

    private (ScoreContributions? Contributions, string? Fault) Trees(NodeProto node, bool isLogistic)
    {
        var attributes = new NodeAttributes(node);
        var isClassifier = node.OpType == "TreeEnsembleClassifier";
        if (UnitOf(attributes, isLogistic) is not { } unit)
        {
            return (null, "its trees' sum goes through something else than a logistic function");
        }

        if (_columns.Of(node.Input[0]) is not { } columns)
        {
            return (null, "its trees look at something else than features");
        }

        var prefix = isClassifier ? "class" : "target";
        var targets = attributes.Ints(prefix + "_ids").Distinct().ToArray();
        var target = isClassifier ? _signature.Output.Column : 0L;
        if (attributes.Text("aggregate_function", "SUM") != "SUM" || !targets.Contains(target))
        {
            return (null, "its trees are not added up to the score");
        }

        var (trees, fault) = new EnsembleReader(attributes, prefix, target, columns).Read();
        var bases = attributes.Floats("base_values");
        var first = bases.Count == 0 ? 0 : bases[Math.Min((int)target, bases.Count - 1)];
        try
        {
            return fault is null ? (new TreeContributions(trees, _signature.Features, first, unit), null) : (null, fault);
        }
        catch (NotSupportedException e)
        {
            return (null, e.Message);
        }
    }

    private (ScoreContributions? Contributions, string? Fault) Linear(NodeProto node, bool isLogistic)
    {
        var attributes = new NodeAttributes(node);
        var (weights, intercepts) = (attributes.Floats("coefficients"), attributes.Floats("intercepts"));
        if (UnitOf(attributes, isLogistic) is not { } unit || _columns.Of(node.Input[0]) is not { } columns)
        {
            return (null, "its terms go through something else than a logistic function, or are of something else than features");
        }

        var row = node.OpType == "LinearClassifier" && weights.Count > columns.Length ? _signature.Output.Column : 0;
        if (weights.Count < (row + 1) * columns.Length)
        {
            return (null, "it has other coefficients than columns");
        }

        var terms = columns.Select((column, at) =>
            new LinearTerm(column.Feature, weights[(row * columns.Length) + at] * column.Scale, column.Offset));
        return (new LinearContributions([.. terms], row < intercepts.Count ? intercepts[row] : 0, unit), null);
    }

    // A logistic function may be a node of its own or the node's last step, but not both.
    private static ContributionUnit? UnitOf(NodeAttributes node, bool isLogistic) => node.Text("post_transform", "NONE") switch
    {
        "NONE" => isLogistic ? ContributionUnit.LogOdds : ContributionUnit.Score,
        "LOGISTIC" when !isLogistic => ContributionUnit.LogOdds,
        _ => null,
    };
}
