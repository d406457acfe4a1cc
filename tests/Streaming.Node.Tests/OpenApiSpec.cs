using System.Text.Json;
using System.Text.Json.Nodes;
using Streaming.Node.Tests.Fakes;

namespace Streaming.Node.Tests;

public sealed class OpenApiSpec
{
    /// <summary>Renewed by running the tests with STREAMING_RENEW_GOLDEN=1; the difference is then reviewed.</summary>
    [Fact]
    public async Task The_document_is_the_golden_one()
    {
        await using var node = await TestNode.StartAsync();
        var document = JsonNode.Parse(await node.Client.GetStringAsync("/openapi/v1.json"))!;
        var text = document.ToJsonString(new JsonSerializerOptions { WriteIndented = true, IndentSize = 1 }) + "\n";
        var golden = Path.Combine(RepositoryRoot.Path, "tests", "Streaming.Node.Tests", "Golden", "openapi.json");
        if (Environment.GetEnvironmentVariable("STREAMING_RENEW_GOLDEN") == "1")
        {
            await File.WriteAllTextAsync(golden, text);
        }

        Assert.Equal(await File.ReadAllTextAsync(golden), text);
    }
}
