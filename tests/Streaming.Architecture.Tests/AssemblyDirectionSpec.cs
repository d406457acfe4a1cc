using System.Reflection;
using System.Runtime.CompilerServices;
using ArchUnitNET.Domain;
using ArchUnitNET.Loader;
using ArchUnitNET.xUnit;
using static ArchUnitNET.Fluent.ArchRuleDefinition;

namespace Streaming.Architecture.Tests;

/// <summary>Dependencies point one way: Hocon &lt;- Features &lt;- Contracts &lt;- Log &lt;- Ingest &lt;- Engine &lt;- Node, with Scoring and Offline beside the engine.</summary>
public sealed class AssemblyDirectionSpec
{
    /// <summary>What each assembly may know of the others; itself is understood.</summary>
    private static readonly Dictionary<string, string[]> s_allowed = new()
    {
        ["Streaming.Hocon"] = [],
        ["Streaming.Features"] = ["Streaming.Hocon"],
        ["Streaming.Contracts"] = ["Streaming.Hocon", "Streaming.Features"],
        ["Streaming.Log"] = ["Streaming.Hocon", "Streaming.Features", "Streaming.Contracts"],
        ["Streaming.Persistence.Redis"] = ["Streaming.Hocon", "Streaming.Features", "Streaming.Contracts"],
        ["Streaming.Scoring"] = ["Streaming.Hocon", "Streaming.Features", "Streaming.Contracts", "Streaming.Log", "Streaming.Ingest"],
        ["Streaming.Ingest"] = ["Streaming.Hocon", "Streaming.Features", "Streaming.Contracts", "Streaming.Log"],
        ["Streaming.Simulation"] = ["Streaming.Hocon", "Streaming.Features", "Streaming.Contracts", "Streaming.Log", "Streaming.Ingest"],
        ["Streaming.Engine"] = ["Streaming.Hocon", "Streaming.Features", "Streaming.Contracts", "Streaming.Log", "Streaming.Persistence.Redis", "Streaming.Ingest"],
        ["Streaming.Offline"] = ["Streaming.Hocon", "Streaming.Features", "Streaming.Contracts", "Streaming.Log", "Streaming.Ingest", "Streaming.Simulation", "Streaming.Scoring"],
        ["Streaming.Node"] = ["Streaming.Hocon", "Streaming.Features", "Streaming.Contracts", "Streaming.Log", "Streaming.Persistence.Redis", "Streaming.Ingest", "Streaming.Engine", "Streaming.Scoring"],
        ["Streaming.Cli"] = ["Streaming.Hocon", "Streaming.Features", "Streaming.Contracts", "Streaming.Log", "Streaming.Persistence.Redis", "Streaming.Ingest", "Streaming.Simulation", "Streaming.Engine", "Streaming.Scoring", "Streaming.Offline", "Streaming.Node"],
    };

    private static readonly System.Reflection.Assembly[] s_assemblies = [.. s_allowed.Keys.Select(name => System.Reflection.Assembly.Load(new AssemblyName(name)))];

    /// <summary>All assemblies of src, loaded once.</summary>
    internal static ArchUnitNET.Domain.Architecture Architecture { get; } = new ArchLoader().LoadAssemblies(s_assemblies).Build();

    public static TheoryData<string> Names => [.. s_allowed.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void Types_depend_only_on_assemblies_below_their_own(string name)
    {
        var forbidden = s_assemblies.Where(other => other.GetName().Name != name && !s_allowed[name].Contains(other.GetName().Name)).ToArray();
        foreach (var other in forbidden)
        {
            // The classes of the ONNX format are generated into two assemblies, and ArchUnit tells types by their names.
            IObjectProvider<IType> theirs = Types().That().ResideInAssembly(other)
                .And().DoNotHaveFullNameMatching(@"^Streaming\.Scoring\.Models\.Graphs\.\w+Proto").As(other.GetName().Name);
            Types().That().ResideInAssembly(Find(name)).Should().NotDependOnAny(theirs)
                .Because("dependencies point one way (docs/architecture.md, Projects)").WithoutRequiringPositiveResults().Check(Architecture);
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void References_are_only_to_assemblies_below(string name)
    {
        var references = Find(name).GetReferencedAssemblies().Select(reference => reference.Name!).Where(s_allowed.ContainsKey);
        Assert.Empty(references.Except(s_allowed[name]));
    }

    [Fact]
    public void Every_assembly_of_src_is_held_to_a_direction() =>
        Assert.Equal(s_allowed.Keys.Order(), SourceTree.Projects("src").Select(Path.GetFileName).Order());

    [Theory]
    [MemberData(nameof(Names))]
    public void Only_tests_and_benchmarks_see_what_is_internal(string name) => Assert.All(
        Find(name).GetCustomAttributes<InternalsVisibleToAttribute>().Select(friend => friend.AssemblyName),
        friend => Assert.True(
            friend.EndsWith(".Tests", StringComparison.Ordinal) || friend.EndsWith(".Benchmarks", StringComparison.Ordinal),
            $"{name} opens its internals to {friend}; make public what {friend} needs, or move it there"));

    [Theory]
    [InlineData("Streaming.Hocon", "Akka")]
    [InlineData("Streaming.Hocon", "Microsoft")]
    [InlineData("Streaming.Hocon", "System.Net")]
    [InlineData("Streaming.Features", "Akka")]
    [InlineData("Streaming.Features", "Confluent")]
    [InlineData("Streaming.Features", "Microsoft.AspNetCore")]
    [InlineData("Streaming.Features", "Microsoft.Data")]
    [InlineData("Streaming.Features", "System.Net")]
    [InlineData("Streaming.Features", "Avro")]
    [InlineData("Streaming.Features", "Parquet")]
    [InlineData("Streaming.Scoring", "Akka")]
    [InlineData("Streaming.Scoring", "Microsoft.AspNetCore")]
    [InlineData("Streaming.Offline", "Akka")]
    [InlineData("Streaming.Contracts", "Akka")]
    [InlineData("Streaming.Log", "Microsoft.AspNetCore")]
    [InlineData("Streaming.Persistence.Redis", "Microsoft.AspNetCore")]
    [InlineData("Streaming.Ingest", "Microsoft.AspNetCore")]
    [InlineData("Streaming.Ingest", "Akka")]
    [InlineData("Streaming.Simulation", "Akka")]
    [InlineData("Streaming.Engine", "Microsoft.AspNetCore")]
    public void An_assembly_does_not_know_what_is_not_its_business(string name, string prefix) =>
        Assert.DoesNotContain(Find(name).GetReferencedAssemblies(), reference => reference.Name!.StartsWith(prefix, StringComparison.Ordinal));

    private static System.Reflection.Assembly Find(string name) => Array.Find(s_assemblies, assembly => assembly.GetName().Name == name)!;
}
