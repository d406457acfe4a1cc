using System.Text;
using System.Text.Json;
using Streaming.Features.State;
using Streaming.Node.Tests.Fakes;

namespace Streaming.Node.Tests;

public sealed class FeatureRouteSpec
{
    private const long Newest = 1_533_081_600_000;

    [Fact]
    public async Task Each_feature_has_value_status_and_event_time()
    {
        await using var node = await TestNode.StartAsync();
        node.Store.Pay("card_1", Newest - 1000, 30, "FR");
        node.Store.Pay("card_1", Newest - 2 * 86_400_000, 10, "DE");
        Assert.Equal(
            """{"entity":"card","key":"card_1","at":"2018-08-01T00:00:00.000Z","as_of":"2018-08-01T00:00:00.000Z","features_stale":false,"features":{"card_activity.tx_count_1d":{"value":1,"status":"present","event_time":"2018-07-31T23:59:59.000Z"},"card_activity.tx_count_7d":{"value":2,"status":"present","event_time":"2018-07-31T23:59:59.000Z"},"card_activity.amount_avg_7d":{"value":20,"status":"present","event_time":"2018-07-31T23:59:59.000Z"},"card_activity.country":{"value":"FR","status":"present","event_time":"2018-07-31T23:59:59.000Z"}}}""",
            await node.Client.GetStringAsync("/features/card/card_1"));
    }

    [Theory]
    [InlineData("1533081598999", 0)]
    [InlineData("1533081599000", 1)]
    [InlineData("2018-07-31T23:59:59Z", 1)]
    [InlineData("2018-08-01T01:59:59%2B02:00", 1)]
    [InlineData("2018-08-01T01:59:59+02:00", 1)]
    public async Task The_read_time_may_be_iso_or_milliseconds(string at, int count)
    {
        await using var node = await TestNode.StartAsync();
        node.Store.Pay("card_1", Newest - 1000, 30);
        var answer = JsonDocument.Parse(await node.Client.GetStringAsync($"/features/card/card_1?at={at}")).RootElement;
        Assert.Equal(count, answer.GetProperty("features").GetProperty("card_activity.tx_count_1d").GetProperty("value").GetDouble());
    }

    [Fact]
    public async Task An_entity_that_nothing_is_known_of_has_absent_values_and_defaults()
    {
        await using var node = await TestNode.StartAsync();
        var features = JsonDocument.Parse(await node.Client.GetStringAsync("/features/card/nobody")).RootElement.GetProperty("features");
        Assert.Equal("""{"value":0,"status":"absent","event_time":null}""", features.GetProperty("card_activity.amount_avg_7d").GetRawText());
        Assert.Equal("""{"value":null,"status":"absent","event_time":null}""", features.GetProperty("card_activity.country").GetRawText());
    }

    [Theory]
    [InlineData("a%2Fb", "a/b")]
    [InlineData("a%2fb%20c", "a/b c")]
    [InlineData("a%252Fb", "a%2Fb")]
    [InlineData("a%252fb%2F", "a%2fb/")]
    [InlineData("%C3%A9%2F", "\u00e9/")]
    [InlineData("a%25b", "a%b")]
    public async Task A_key_with_a_slash_or_a_percent_sign_is_itself(string path, string key)
    {
        await using var node = await TestNode.StartAsync();
        node.Store.Pay(key, Newest - 1000, 30);
        using var client = await node.ConnectAsync();
        await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes($"GET /features/card/{path}?at={Newest} HTTP/1.1\r\nHost: localhost\r\n\r\n"));
        var answer = JsonDocument.Parse(Assert.Single(await RawHttp.ReadAsync(client.GetStream(), 1)).Body).RootElement;
        Assert.Equal(key, answer.GetProperty("key").GetString());
        Assert.Equal(1, answer.GetProperty("features").GetProperty("card_activity.tx_count_1d").GetProperty("value").GetDouble());
    }

    [Fact]
    public async Task Several_entities_are_answered_in_the_order_of_the_request()
    {
        await using var node = await TestNode.StartAsync();
        using var answer = await node.PostAsync("/features", """{"entities":[{"entity":"terminal","key":"t"},{"key":"c","entity":"card"}],"at":1533000000000}""");
        var entities = JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement.GetProperty("entities");
        Assert.Equal(["terminal t", "card c"], entities.EnumerateArray().Select(entity => $"{entity.GetProperty("entity")} {entity.GetProperty("key")}"));
        Assert.All(entities.EnumerateArray(), entity => Assert.Equal("2018-07-31T01:20:00.000Z", entity.GetProperty("at").GetString()));
    }

    [Fact]
    public async Task An_entity_that_is_not_at_hand_is_asked()
    {
        await using var node = await TestNode.StartAsync();
        node.Store.AtOnce = _ => ReadOutcome.NotHere;
        await node.Client.GetStringAsync("/features/terminal/far");
        Assert.Equal(1, node.Store.AskedReads);
    }
}
