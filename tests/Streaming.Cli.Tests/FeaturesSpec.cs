using System.Text.Json;

namespace Streaming.Cli.Tests;

public sealed class FeaturesSpec
{
    [Fact]
    public async Task List_has_every_feature_and_service()
    {
        using var cli = new Cli();
        using var json = JsonDocument.Parse((await cli.RunAsync("features list --json")).Out);
        var names = json.RootElement.GetProperty("features").EnumerateArray().Select(f => f.GetProperty("feature").GetString()).ToList();
        Assert.Contains("card_activity.tx_count_1d", names);
        Assert.Contains("terminal_risk.risk_30d", names);
        Assert.Contains("handbook", json.RootElement.GetProperty("services").EnumerateArray().Select(s => s.GetProperty("name").GetString()));
        var table = (await cli.RunAsync("features list")).Out;
        Assert.All(names, name => Assert.Contains(name!, table, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("terminal_risk", 6)]
    [InlineData("terminal_risk.risk_7d", 1)]
    public async Task Show_has_what_a_feature_is_computed_from(string name, int features)
    {
        using var cli = new Cli();
        using var json = JsonDocument.Parse((await cli.RunAsync($"features show {name} --json")).Out);
        Assert.Equal(features, json.RootElement.GetArrayLength());
        var first = json.RootElement[0];
        Assert.Equal(("terminal", "transactions", "terminal_id", "ts", "7d"), (Text("entity"), Text("source"), Text("key"), Text("time"), Text("delay")));

        string? Text(string property) => first.GetProperty(property).GetString();
    }

    [Fact]
    public async Task Show_of_a_service_is_its_vector_in_order()
    {
        using var cli = new Cli();
        using var json = JsonDocument.Parse((await cli.RunAsync("features show fraud --json")).Out);
        Assert.Equal(["request.amount", "weekend", "night"], json.RootElement.GetProperty("features").EnumerateArray().Take(3).Select(f => f.GetString()));
    }
}
