using Streaming.Contracts.Registry;
using Streaming.Contracts.Schemas;

namespace Streaming.EndToEnd.Tests;

/// <summary>A node says once where the registry holds the schemas of its events to less than a replay needs.</summary>
public sealed class NodeRegistryAdviceSpec
{
    [Fact]
    public async Task A_node_warns_once_where_the_registry_compares_with_the_latest_version_alone()
    {
        using var folder = new TempFolder();
        var registry = new EmbeddedSchemaRegistry(folder["registry"]);
        await registry.SetLevelAsync("clicks-value", CompatibilityLevel.Backward, CancellationToken.None);
        await registry.SetLevelAsync("labels-value", CompatibilityLevel.None, CancellationToken.None);
        var (node, _) = await NodeProcess.RunAsync(folder.FullName);
        await using (node)
        {
            await Eventually.TrueAsync("warned", () => node.Output.Contains("the schema registry holds", StringComparison.Ordinal), () => node.Output);
            var line = Assert.Single(node.Output.Split('\n'), line => line.Contains("the schema registry holds", StringComparison.Ordinal));
            Assert.Matches("WRN.+ the schema registry holds clicks-value to BACKWARD, labels-value to NONE, and a replay", line);
        }
    }
}
