using System.Net.Sockets;
using System.Text;
using Streaming.Node.Tests.Fakes;

namespace Streaming.Node.Tests;

/// <summary>Bounds hold for everybody, whatever some clients do.</summary>
public sealed class HttpServerSpec
{
    /// <summary>They are all closed, and so is what came beside them: none keeps the server from looking at another's clock.</summary>
    [Fact]
    public async Task Many_half_heads_are_closed_and_others_are_answered()
    {
        await using var node = await TestNode.StartAsync("http.client-timeout = 2s");
        var clients = new List<TcpClient>();
        foreach (var i in Enumerable.Range(0, 200))
        {
            clients.Add(await node.ConnectAsync());
            await clients[i].GetStream().WriteAsync(Encoding.ASCII.GetBytes(i % 2 == 0 ? "POST /score HTTP/1.1\r\nHost: loc" : "POST /events/clicks HTT"));
        }

        using var answer = await node.PostAsync("/score", """{"card_id":"c","amount":1}""");
        Assert.True(answer.IsSuccessStatusCode);
        await Task.WhenAll(clients.Select(ClosedAsync));
        clients.ForEach(client => client.Dispose());
    }

    /// <summary>Each sends requests without end and reads no answer: the node stops to read them.</summary>
    [Fact]
    public async Task Clients_that_pipeline_and_do_not_read_keep_nobody_from_an_answer()
    {
        await using var node = await TestNode.StartAsync("http.client-timeout = 2s");
        var many = Enumerable.Repeat(RawHttp.Post("""{"card_id":"c","amount":1}"""), 200).SelectMany(request => request).ToArray();
        var clients = new List<TcpClient>();
        foreach (var _ in Enumerable.Range(0, 50))
        {
            clients.Add(await node.ConnectAsync());
        }

        var writing = clients.Select(client => WriteUntilClosedAsync(client, many)).ToArray();
        await Eventually.TrueAsync("they are read", async () => await node.MetricAsync("""streaming_scores_total{decision="approve"}""") > 1000);
        using var answer = await node.PostAsync("/score", """{"card_id":"c","amount":1}""");
        Assert.True(answer.IsSuccessStatusCode);
        clients.ForEach(client => client.Dispose());
        await Task.WhenAll(writing);
    }

    [Theory]
    [InlineData("/score", "Host: a:abc", 400)]
    [InlineData("/events/clicks", "Host: a:abc", 400)]
    [InlineData("/score", "Host: localhost\r\nHost: localhost", 400)]
    [InlineData("/score", "X-None: 1", 400)]
    public async Task A_head_that_http_does_not_allow_is_refused_on_every_route(string path, string headers, int status)
    {
        await using var node = await TestNode.StartAsync();
        using var client = await node.ConnectAsync();
        await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes($"POST {path} HTTP/1.1\r\n{headers}\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{{}}"));
        Assert.Equal(status, Assert.Single(await RawHttp.ReadAsync(client.GetStream(), 1)).Status);
    }

    [Theory]
    [InlineData("/score")]
    [InlineData("/events/clicks")]
    public async Task More_than_a_hundred_headers_are_refused(string path)
    {
        await using var node = await TestNode.StartAsync();
        using var client = await node.ConnectAsync();
        var headers = string.Concat(Enumerable.Range(0, 101).Select(i => $"X-{i}: 1\r\n"));
        await client.GetStream().WriteAsync(RawHttp.Post("""{"card_id":"c","amount":1}""", headers, path));
        Assert.Equal(431, Assert.Single(await RawHttp.ReadAsync(client.GetStream(), 1)).Status);
    }

    private static async Task ClosedAsync(TcpClient client) => await RawHttp.ReadAsync(client.GetStream(), 2);

    private static async Task WriteUntilClosedAsync(TcpClient client, byte[] bytes)
    {
        try
        {
            while (true)
            {
                await client.GetStream().WriteAsync(bytes);
            }
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException)
        {
            // The test has ended it.
        }
    }
}
