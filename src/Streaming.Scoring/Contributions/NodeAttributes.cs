using Streaming.Scoring.Models.Graphs;

namespace Streaming.Scoring.Contributions;

/// <summary>The attributes of a node, by name.</summary>
internal sealed class NodeAttributes(NodeProto node)
{
    public IReadOnlyList<long> Ints(string name) => Find(name)?.Ints ?? [];

    public IReadOnlyList<float> Floats(string name) => Find(name)?.Floats ?? [];

    public IReadOnlyList<string> Texts(string name) => [.. (Find(name)?.Strings ?? []).Select(text => text.ToStringUtf8())];

    public string Text(string name, string otherwise) => Find(name)?.S.ToStringUtf8() is { Length: > 0 } text ? text : otherwise;

    public bool Has(string name) => Find(name) is not null;

    private AttributeProto? Find(string name) => node.Attribute.FirstOrDefault(attribute => attribute.Name == name);
}
