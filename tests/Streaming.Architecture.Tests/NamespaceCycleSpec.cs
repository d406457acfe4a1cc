using ArchUnitNET.Domain;

namespace Streaming.Architecture.Tests;

/// <summary>
/// The folders of an assembly are layered: those below its root depend on each other one way. Folders within a folder count as that
/// folder. The root holds what all share and what puts the parts together; it is not held to a layer.
/// </summary>
public sealed class NamespaceCycleSpec
{
    public static TheoryData<string> Names => AssemblyDirectionSpec.Names;

    [Theory]
    [MemberData(nameof(Names))]
    public void Folders_depend_on_each_other_one_way(string assembly)
    {
        var types = AssemblyDirectionSpec.Architecture.Types.Where(type => type.Assembly.Name.Split(',')[0] == assembly).ToList();
        // The loader takes the type parameters of generated methods with one signature for one: no use of another folder.
        var edges = types.SelectMany(type => type.Dependencies.Where(use => use.Target is not GenericParameter).Select(use => (From: FolderOf(type, assembly), To: FolderOf(use.Target, assembly))));
        Assert.Empty(Knots(edges));
    }

    [Fact]
    public void A_ring_of_three_is_one_knot_and_a_chain_is_none()
    {
        Assert.Equal(["a, b, c"], Knots([("a", "b"), ("b", "c"), ("c", "a"), ("c", "d"), ("d", "d")]));
        Assert.Empty(Knots([("a", "b"), ("a", "c"), ("b", "c"), (null, "a"), ("c", null)]));
    }

    /// <summary>Folders that reach each other, each group as one text.</summary>
    private static IEnumerable<string> Knots(IEnumerable<(string? From, string? To)> edges)
    {
        var next = edges.Where(edge => edge.From is not null && edge.To is not null && edge.From != edge.To).Distinct()
            .ToLookup(edge => edge.From!, edge => edge.To!);
        var reached = next.Select(from => from.Key).ToDictionary(from => from, from => Reached(from, next));
        return reached.Keys.Where(from => reached[from].Contains(from))
            .Select(from => reached[from].Where(to => reached.TryGetValue(to, out var back) && back.Contains(from)))
            .Select(knot => string.Join(", ", knot.Order(StringComparer.Ordinal)))
            .Distinct().Order(StringComparer.Ordinal);
    }

    private static HashSet<string> Reached(string from, ILookup<string, string> next)
    {
        var reached = new HashSet<string>();
        var open = new Queue<string>(next[from]);
        while (open.TryDequeue(out var at))
        {
            if (reached.Add(at))
            {
                foreach (var to in next[at])
                {
                    open.Enqueue(to);
                }
            }
        }

        return reached;
    }

    /// <summary>The folder below the assembly's root; null for the root itself and for types of others.</summary>
    private static string? FolderOf(IType type, string assembly) =>
        type.Namespace?.FullName is { } name && name.StartsWith(assembly + ".", StringComparison.Ordinal) ? name[(assembly.Length + 1)..].Split('.')[0] : null;
}
