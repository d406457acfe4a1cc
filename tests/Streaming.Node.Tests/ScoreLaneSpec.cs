using System.Buffers;
using System.Text;
using Streaming.Features.State;
using Streaming.Node.Tests.Fakes;

namespace Streaming.Node.Tests;

public sealed class ScoreLaneSpec
{
    private const string Lane = "streaming_score_lane_requests_total";
    private const string Handovers = "streaming_score_lane_handovers_total";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    public static TheoryData<string> RightRequests => new(
        """{"card_id":"card_1","amount":250.0}""",
        """{ "amount" : 1e2 , "terminal_id":"t1", "card_id":"card_1" }""",
        """{"card_id":"c\u00e9\n\"x\"","amount":999,"currency":"USD","fraud":null}""",
        """{"card_id":"b\u00e4r \ud83d\ude00","amount":0,"ts":"2018-07-31T12:00:00Z","mcc":"5411","user_id":"u"}""",
        """{"card_id":"nobody","amount":123456789.25,"terminal_id":"","fraud":true}""");

    [Theory]
    [MemberData(nameof(RightRequests))]
    public async Task The_lane_answers_byte_for_byte_as_the_route_does(string json)
    {
        await using var lane = await TestNode.StartAsync("http.fast-lane = on");
        await using var route = await TestNode.StartAsync("http.fast-lane = off");
        lane.Store.Pay("card_1", 1_533_081_599_000, 12.5);
        route.Store.Pay("card_1", 1_533_081_599_000, 12.5);
        var (ours, theirs) = (await SendAsync(lane, 1, RawHttp.Post(json)), await SendAsync(route, 1, RawHttp.Post(json)));
        Assert.Equal(theirs[0].Body, ours[0].Body);
        Assert.Equal(theirs[0].Status, ours[0].Status);
        Assert.Equal(theirs[0].Headers.Keys.Order(), ours[0].Headers.Keys.Order());
        Assert.Equal(theirs[0].Headers["Content-Type"], ours[0].Headers["Content-Type"]);
        Assert.Equal((1, 0), (await lane.MetricAsync(Lane), await route.MetricAsync(Lane)));
    }

    [Fact]
    public async Task Pipelined_requests_are_answered_in_their_order()
    {
        await using var node = await TestNode.StartAsync();
        var requests = Enumerable.Range(0, 200).SelectMany(i => RawHttp.Post($$"""{"card_id":"card_{{i}}","amount":{{i}}}""")).ToArray();
        var answers = await SendAsync(node, 200, requests);
        Assert.Equal(Enumerable.Range(0, 200).Select(i => $"{{\"card_id\":\"card_{i}\","), answers.Select(answer => answer.Body[..(answer.Body.IndexOf(',') + 1)]));
        Assert.Equal(200, await node.MetricAsync(Lane));
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
        Assert.Equal(2, await node.MetricAsync(Lane));
    }

    [Theory]
    [InlineData("Connection: close\r\n")]
    [InlineData("Expect: 100-continue\r\n")]
    [InlineData("Content-Length: 35\r\n")]
    [InlineData("Content-Type: application/json\r\n")]
    [InlineData("Host: localhost\r\n")]
    [InlineData("X-Anything: 1\r\n")]
    [InlineData("Cookie: a=b\r\n")]
    [InlineData("Accept: \u00e9\r\n")]
    public async Task A_head_that_the_lane_does_not_know_is_the_pipelines(string headers)
    {
        await using var node = await TestNode.StartAsync();
        using var client = await node.ConnectAsync();
        await client.GetStream().WriteAsync(RawHttp.Post("""{"card_id":"card_1","amount":250.0}""", headers));
        Assert.NotEmpty(await RawHttp.ReadAsync(client.GetStream(), 1));
        Assert.Equal((0, 1), (await node.MetricAsync(Lane), await HandoversAsync(node)));
    }

    [Theory]
    [InlineData("""{"card_id":"card_1"}""", 400)]
    [InlineData("""{"card_id":"card_1","amount":-1}""", 400)]
    [InlineData("""not json""", 400)]
    [InlineData("""{"card_id":"old","amount":1,"ts":"2018-01-01T00:00:00Z"}""", 422)]
    [InlineData("""{"card_id":"c","amount":1,"ts":"2099-01-01T00:00:00Z"}""", 400)]
    public async Task A_request_without_a_score_is_the_pipelines_and_so_is_its_connection_then(string json, int status)
    {
        await using var node = await TestNode.StartAsync();
        node.Store.Pay("old", 1_533_081_599_000, 12.5);
        var right = RawHttp.Post("""{"card_id":"card_1","amount":250.0}""");
        var answers = await SendAsync(node, 3, [.. right, .. RawHttp.Post(json), .. right]);
        Assert.Equal([200, status, 200], answers.Select(answer => answer.Status));
        Assert.Equal("application/problem+json", answers[1].Headers["Content-Type"]);
        Assert.Equal(answers[0].Body, answers[2].Body);
        Assert.Equal(1, await node.MetricAsync(Lane));
    }

    [Fact]
    public async Task An_entity_that_is_not_at_hand_is_asked_and_the_connection_stays_in_the_lane()
    {
        await using var node = await TestNode.StartAsync();
        node.Store.AtOnce = key => key == "far" ? ReadOutcome.NotHere : null;
        var (far, near) = (RawHttp.Post("""{"card_id":"far","amount":1}"""), RawHttp.Post("""{"card_id":"near","amount":1}"""));
        var answers = await SendAsync(node, 4, [.. near, .. far, .. near, .. far]);
        Assert.Equal([200, 200, 200, 200], answers.Select(answer => answer.Status));
        Assert.Equal((4, 2), (await node.MetricAsync(Lane), node.Store.AskedReads));
    }

    [Fact]
    public async Task An_entity_that_does_not_answer_is_the_pipelines_to_report()
    {
        await using var node = await TestNode.StartAsync();
        var request = RawHttp.Post("""{"card_id":"far","amount":1}""");
        node.Store.AtOnce = _ => ReadOutcome.NotHere;
        node.Store.Asked = _ => node.Store.AskedReads == 1 ? Task.FromException(new TimeoutException()) : Task.CompletedTask;
        var answers = await SendAsync(node, 2, [.. request, .. request]);
        Assert.Equal([503, 200], answers.Select(answer => answer.Status));
        Assert.Equal(2, node.Store.AskedReads);
    }

    [Fact]
    public async Task A_request_has_one_deadline_however_slowly_its_bytes_come()
    {
        var clock = new TestClock();
        var (client, handedOver, _) = TestLane.Start("http.client-timeout = 10s", clock);
        var request = RawHttp.Post("""{"card_id":"c","amount":1}""");
        foreach (var (piece, seconds) in new[] { (request[..30], 9), (request[30..31], 1), (request[31..32], 0) })
        {
            Assert.False(handedOver.IsCompleted);
            await client.Output.WriteAsync(piece);
            clock.Advance(TimeSpan.FromSeconds(seconds));
        }

        await handedOver.WaitAsync(Patience);
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

    [Fact]
    public async Task A_request_that_stays_half_sent_is_handed_over_unharmed_and_read_at_once()
    {
        var clock = new TestClock();
        var (client, handedOver, beat) = TestLane.Start("http.client-timeout = 10s", clock);
        var half = RawHttp.Post("""{"card_id":"c","amount":1}""")[..60];
        await client.Output.WriteAsync(half);
        clock.Advance(TimeSpan.FromSeconds(10));
        beat();
        var input = await handedOver.WaitAsync(Patience);
        Assert.Equal(half, (await input.ReadAsync().AsTask().WaitAsync(Patience)).Buffer.ToArray());
    }

    /// <summary>Half a head, and half a body: neither is waited for as long as an idle connection, which has 130 s.</summary>
    [Theory]
    [InlineData(60)]
    [InlineData(-5)]
    public async Task A_request_of_which_no_more_comes_is_answered_with_408(int bytes)
    {
        await using var node = await TestNode.StartAsync("http.client-timeout = 1s");
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

    /// <summary>Random damage to right requests: the lane and the pipeline alone must give the same statuses and bodies.</summary>
    [Fact]
    public async Task Damaged_requests_are_answered_as_without_the_lane()
    {
        const int seed = 20260401;
        var random = new Random(seed);
        await using var lane = await TestNode.StartAsync("http.fast-lane = on");
        await using var route = await TestNode.StartAsync("http.fast-lane = off");
        for (var round = 0; round < 300; round++)
        {
            var bytes = Damaged(RawHttp.Post($$"""{"card_id":"card_{{round}}","amount":{{round}}}""", "Accept: */*\r\n"), random);
            var (ours, theirs) = (await TalkAsync(lane, bytes), await TalkAsync(route, bytes));
            Assert.True(ours == theirs, $"seed {seed}, round {round}: {ours} and {theirs} for\n{Encoding.Latin1.GetString(bytes)}");
        }
    }

    private static byte[] Damaged(byte[] bytes, Random random)
    {
        var damaged = bytes.ToList();
        for (var times = random.Next(1, 4); times > 0; times--)
        {
            var at = random.Next(damaged.Count);
            switch (random.Next(4))
            {
                case 0:
                    damaged[at] = (byte)random.Next(256);
                    break;
                case 1:
                    damaged.RemoveAt(at);
                    break;
                case 2:
                    damaged.Insert(at, damaged[at]);
                    break;
                default:
                    damaged[at] = "\r\n:, {}\"0-"u8[random.Next(9)];
                    break;
            }
        }

        return [.. damaged];
    }

    /// <summary>Sends bytes and a request that ends the connection, and tells all that comes back but the heads.</summary>
    private static async Task<string> TalkAsync(TestNode node, byte[] bytes)
    {
        using var client = await node.ConnectAsync();
        byte[] sent = [.. bytes, .. RawHttp.Post("""{"card_id":"last","amount":1}""", "Connection: close\r\n")];
        await client.GetStream().WriteAsync(sent);
        var answers = await RawHttp.ReadAsync(client.GetStream(), 10);
        return string.Join('\n', answers.Select(answer => $"{answer.Status} {answer.Body}"));
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

    /// <summary>Handovers but for those of the requests to /metrics themselves: each test's client has one connection.</summary>
    private static async Task<double> HandoversAsync(TestNode node) => await node.MetricAsync(Handovers) - 1;
}
