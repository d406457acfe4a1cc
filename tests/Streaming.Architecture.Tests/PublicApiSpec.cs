using System.Reflection;

namespace Streaming.Architecture.Tests;

/// <summary>What an assembly offers is a golden file, so that a change of it shows in the diff. STREAMING_RENEW_GOLDEN=1 writes them anew.</summary>
public sealed class PublicApiSpec
{
    public static TheoryData<string> Names => [.. SourceTree.Projects("src").Select(directory => Path.GetFileName(directory))];

    [Theory]
    [MemberData(nameof(Names))]
    public void The_public_api_of_an_assembly_is_the_golden_listing(string name)
    {
        var path = Path.Combine("tests", "Streaming.Architecture.Tests", "PublicApi", $"{name}.txt");
        string[] lines = [.. PublicApi.Of(Assembly.Load(new AssemblyName(name)))];
        if (Environment.GetEnvironmentVariable("STREAMING_RENEW_GOLDEN") == "1")
        {
            Directory.CreateDirectory(Path.Combine(SourceTree.Root, Path.GetDirectoryName(path)!));
            File.WriteAllLines(Path.Combine(SourceTree.Root, path), lines);
        }

        var golden = SourceTree.File(path).Lines;
        string[] changes = [.. golden.Except(lines).Select(line => $"- {line}"), .. lines.Except(golden).Select(line => $"+ {line}")];
        Assert.True(
            changes.Length == 0,
            $"""
            {name} offers something else than {path} says:
            {string.Join('\n', changes)}
            Make it internal, or accept the change: STREAMING_RENEW_GOLDEN=1 dotnet test tests/Streaming.Architecture.Tests, and review the diff.
            """);
    }

    [Fact]
    public void A_listing_has_what_others_may_use_and_not_what_the_compiler_adds() => Assert.Equal(
        [
            "Streaming.Architecture.Tests.PublicApiSample.Copy<T>(T[] items, Int32? limit = null): static T",
            "Streaming.Architecture.Tests.PublicApiSample.Id: Int64 get; init;",
            "Streaming.Architecture.Tests.PublicApiSample.Name: required String get; init;",
            "Streaming.Architecture.Tests.PublicApiSample.new(Int64 Id)",
            "Streaming.Architecture.Tests.PublicApiSample: sealed class IEquatable<PublicApiSample>",
        ],
        PublicApi.Of(typeof(PublicApiSample).Assembly).Where(line => line.Contains(nameof(PublicApiSample), StringComparison.Ordinal) && !line.Contains("Spec", StringComparison.Ordinal)));
}

/// <summary>A record to list.</summary>
/// <param name="Id">A positional member.</param>
public sealed record PublicApiSample(long Id)
{
    /// <summary>A required one.</summary>
    public required string Name { get; init; }

    /// <summary>A generic one with a default.</summary>
    public static T Copy<T>(T[] items, int? limit = null) => limit is null ? items[0] : items[limit.Value];

}
