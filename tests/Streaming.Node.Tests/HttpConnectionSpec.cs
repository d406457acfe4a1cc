using Streaming.Features.State;
using Streaming.Node.Tests.Fakes;

namespace Streaming.Node.Tests;

/// <summary>Connections as no polite client has them: pipelined, in pieces, half sent, never read.</summary>
public sealed class HttpConnectionSpec
{
    [Fact]
    public async Task Pipelined_requests_are_answered_in_their_order()
    {
        await using var node = await TestNode.StartAsync();
        var requests = Enumerable.Range(0, 200).SelectMany(i => RawHttp.Post($$"""{"card_id":"card_{{i}}","amount":{{i}}}""")).ToArray();
        var answers = await SendAsync(node, 200, requests);
        Assert.Equal(Enumerable.Range(0, 200).Select(i => $"{{\"card_id\":\"card_{i}\","), answers.Select(answer => answer.Body[..(answer.Body.IndexOf(',') + 1)]));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(22)]
    [InlineData(50)]
    public async Task A_request_in_pieces_is_answered_once_it_is_whole(int pieceBytes)
    {
        await using var node = await TestNode.StartAsync();
        var pieces = RawHttp.Post("""{"card_id":"card_1","amount":250.0}""").Concat(RawHttp.Post("""{"card_id":"card_2","amount":250.0}""")).Chunk(pieceBytes);
        var answers = await SendAsync(node, 2, [.. pieces]);
        Assert.Equal([200, 200], answers.Select(answer => answer.Status));
    }

    [Theory]
    [InlineData("""{"card_id":"card_1"}""", 400)]
    [InlineData("""{"card_id":"card_1","amount":-1}""", 400)]
    [InlineData("""not json""", 400)]
    [InlineData("""{"card_id":"old","amount":1,"ts":"2018-01-01T00:00:00Z"}""", 422)]
    [InlineData("""{"card_id":"c","amount":1,"ts":"2099-01-01T00:00:00Z"}""", 400)]
    public async Task A_request_without_a_score_has_its_problem_and_the_connection_goes_on(string json, int status)
    {
        await using var node = await TestNode.StartAsync();
        node.Store.Pay("old", 1_533_081_599_000, 12.5);
        var right = RawHttp.Post("""{"card_id":"card_1","amount":250.0}""");
        var answers = await SendAsync(node, 3, [.. right, .. RawHttp.Post(json), .. right]);
        Assert.Equal([200, status, 200], answers.Select(answer => answer.Status));
        Assert.Equal("application/problem+json", answers[1].Headers["Content-Type"]);
        Assert.Equal(answers[0].Body, answers[2].Body);
    }

    [Fact]
    public async Task An_entity_that_is_not_at_hand_is_asked()
    {
        await using var node = await TestNode.StartAsync();
        node.Store.AtOnce = key => key == "far" ? ReadOutcome.NotHere : null;
        var (far, near) = (RawHttp.Post("""{"card_id":"far","amount":1}"""), RawHttp.Post("""{"card_id":"near","amount":1}"""));
        var answers = await SendAsync(node, 4, [.. near, .. far, .. near, .. far]);
        Assert.Equal([200, 200, 200, 200], answers.Select(answer => answer.Status));
        Assert.Equal(2, node.Store.AskedReads);
    }

    [Fact]
    public async Task An_entity_that_does_not_answer_gives_a_fallback_and_is_asked_anew_by_the_next_request()
    {
        await using var node = await TestNode.StartAsync();
        var request = RawHttp.Post("""{"card_id":"far","amount":1}""");
        node.Store.AtOnce = _ => ReadOutcome.NotHere;
        node.Store.Asked = _ => node.Store.AskedReads == 1 ? Task.FromException(new TimeoutException()) : Task.CompletedTask;
        var answers = await SendAsync(node, 2, [.. request, .. request]);
        Assert.Equal([200, 200], answers.Select(answer => answer.Status));
        Assert.Equal([true, false], answers.Select(answer => answer.Body.Contains("\"fallback_reason\":\"entity_timeout\"", StringComparison.Ordinal)));
        Assert.Equal(2, node.Store.AskedReads);
    }

    [Fact]
    public async Task An_entity_that_is_being_written_is_read_again_before_anybody_is_asked()
    {
        await using var node = await TestNode.StartAsync();
        var busy = 2;
        node.Store.AtOnce = _ => busy-- > 0 ? ReadOutcome.Contended : null;
        await SendAsync(node, 1, RawHttp.Post("""{"card_id":"c","amount":1}"""));
        Assert.Equal((3, 0), (node.Store.AtOnceReads, node.Store.AskedReads));
    }

    [Fact]
    public async Task Idle_connections_are_closed()
    {
        await using var node = await TestNode.StartAsync("http.keep-alive-timeout = 1s");
        using var client = await node.ConnectAsync();
        await client.GetStream().WriteAsync(RawHttp.Post("""{"card_id":"c","amount":1}"""));
        Assert.Single(await RawHttp.ReadAsync(client.GetStream(), 1));
        Assert.Empty(await RawHttp.ReadAsync(client.GetStream(), 1));
    }

    /// <summary>Half a head, and half a body: neither is waited for as long as an idle connection, which has 130 s.</summary>
    [Theory]
    [InlineData(60)]
    [InlineData(-5)]
    public async Task A_request_of_which_no_more_comes_is_answered_with_408(int bytes)
    {
        await using var node = await TestNode.StartAsync("http.client-timeout = 2s");
        using var client = await node.ConnectAsync();
        var request = RawHttp.Post("""{"card_id":"c","amount":1}""");
        await client.GetStream().WriteAsync(request.AsMemory(0, bytes < 0 ? request.Length + bytes : bytes));
        Assert.Equal(408, Assert.Single(await RawHttp.ReadAsync(client.GetStream(), 1)).Status);
    }

    [Fact]
    public async Task A_node_that_stops_does_not_wait_for_idle_connections()
    {
        var node = await TestNode.StartAsync("http.shutdown-timeout = 30s");
        using var client = await node.ConnectAsync();
        await client.GetStream().WriteAsync(RawHttp.Post("""{"card_id":"c","amount":1}"""));
        await RawHttp.ReadAsync(client.GetStream(), 1);
        var stopping = node.DisposeAsync().AsTask();
        Assert.Empty(await RawHttp.ReadAsync(client.GetStream(), 1));
        await stopping.WaitAsync(TimeSpan.FromSeconds(10));
    }

    private static async Task<List<RawAnswer>> SendAsync(TestNode node, int answers, params byte[][] pieces)
    {
        using var client = await node.ConnectAsync();
        var reading = RawHttp.ReadAsync(client.GetStream(), answers);
        foreach (var piece in pieces)
        {
            await client.GetStream().WriteAsync(piece);
        }

        return await reading;
    }
}
