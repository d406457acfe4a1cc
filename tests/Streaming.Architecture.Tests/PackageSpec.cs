using System.Xml.Linq;

namespace Streaming.Architecture.Tests;

/// <summary>Each line of Directory.Packages.props has a use: a project references it, or it pins what a package brings along.</summary>
public sealed class PackageSpec
{
    private static readonly XDocument s_versions = XDocument.Load(Path.Combine(SourceTree.Root, "Directory.Packages.props"));

    private static readonly HashSet<string> s_referenced = SourceTree.Files("*.csproj", "src", "tests").Append(SourceTree.File("Directory.Build.props"))
        .SelectMany(file => XDocument.Parse(string.Join('\n', file.Lines)).Descendants("PackageReference"))
        .Select(Name).ToHashSet();

    [Fact]
    public void Each_package_is_referenced_or_a_pin() => Assert.Empty(Packages(isPin: false).Except(s_referenced));

    [Fact]
    public void No_project_references_a_pin() => Assert.Empty(Packages(isPin: true).Intersect(s_referenced));

    private static IEnumerable<string> Packages(bool isPin) => s_versions.Descendants("ItemGroup")
        .Where(group => group.Attribute("Label")!.Value.StartsWith("Pins: ", StringComparison.Ordinal) == isPin).Elements("PackageVersion").Select(Name);

    private static string Name(XElement package) => package.Attribute("Include")!.Value;
}
