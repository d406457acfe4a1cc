using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.Extensions.Logging;
using Streaming.Node.Tests.Fakes;

namespace Streaming.Node.Tests;

/// <summary>Faults of clients are theirs: no 500, no error in the log.</summary>
public sealed class ClientFaultSpec
{
    public static TheoryData<string> Writes => ["/score", "/score/batch", "/features", "/events/clicks"];

    public static TheoryData<string, string, string> Ends
    {
        get
        {
            var all = new TheoryData<string, string, string>();
            foreach (var path in (string[])["/score", "/score/batch", "/features", "/events/clicks"])
            {
                foreach (var end in (string[])["reset", "close", "half-close"])
                {
                    all.Add(path, "Content-Length: 500\r\n\r\n{\"card", end);
                    all.Add(path, "Transfer-Encoding: chunked\r\n\r\n6\r\n{\"card", end);
                }
            }

            return all;
        }
    }

    [Theory]
    [MemberData(nameof(Writes))]
    public async Task A_client_that_goes_away_within_a_body_is_no_fault_of_the_node(string path)
    {
        await using var node = await TestNode.StartAsync();
        foreach (var isReset in new[] { true, false })
        {
            using var client = await node.ConnectAsync();
            await client.GetStream().WriteAsync(Encoding.UTF8.GetBytes(
                $"POST {path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 100000\r\n\r\n[{{"));
            await Eventually.TrueAsync("the request is under way", () => node.RequestsUnderWay == 1);
            client.Client.LingerState = new LingerOption(isReset, 0);
            client.Close();
            await Eventually.TrueAsync("the request has ended", () => node.RequestsUnderWay == 0);
        }

        Assert.DoesNotContain("problem=\"internal\"", await node.Client.GetStringAsync("/metrics"), StringComparison.Ordinal);
    }

    /// <summary>A line each, with the level debug: many such clients must not fill the log.</summary>
    [Theory]
    [MemberData(nameof(Ends))]
    public async Task A_client_that_ends_within_a_body_leaves_one_line_for_debugging(string path, string body, string end)
    {
        using var log = new CapturedLog(LogLevel.Debug);
        await using (var node = await TestNode.StartAsync(log: log))
        {
            using var client = await node.ConnectAsync();
            var stream = client.GetStream();
            await stream.WriteAsync(Encoding.UTF8.GetBytes(
                $"POST {path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n{body}"));
            await Eventually.TrueAsync("the request is under way", () => node.RequestsUnderWay == 1);
            if (end == "half-close")
            {
                client.Client.Shutdown(SocketShutdown.Send);
            }
            else
            {
                client.Client.LingerState = new LingerOption(end == "reset", 0);
                client.Close();
            }

            await Eventually.TrueAsync("the request has ended", () => node.RequestsUnderWay == 0);
        }

        var lines = log.Lines.Where(line => !line.Contains(" Streaming.Scoring.Scorer ", StringComparison.Ordinal)).ToArray();
        var line = lines.Length == 1 ? lines[0] : string.Join('\n', lines);
        Assert.True(lines.Length == 1, line);
        Assert.StartsWith("Debug ", line, StringComparison.Ordinal);
        Assert.Contains($"POST {(path.StartsWith("/events", StringComparison.Ordinal) ? "/events/{topic}" : path)}: the client went away", line, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("fffffffffffffffff")]
    [InlineData("7fffffffffffffff0")]
    [InlineData("g")]
    [InlineData("")]
    [InlineData("-1")]
    public async Task A_chunk_whose_size_is_no_size_is_a_400(string size)
    {
        await using var node = await TestNode.StartAsync();
        foreach (var path in new[] { "/score", "/score/batch", "/features", "/events/clicks" })
        {
            using var client = await node.ConnectAsync();
            await client.GetStream().WriteAsync(Encoding.UTF8.GetBytes(
                $"POST {path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n{size}\r\n{{}}\r\n0\r\n\r\n"));
            Assert.Equal(400, Assert.Single(await RawHttp.ReadAsync(client.GetStream(), 1)).Status);
        }

        Assert.DoesNotContain("problem=\"internal\"", await node.Client.GetStringAsync("/metrics"), StringComparison.Ordinal);
    }

    /// <summary>What is no UTF-8 the server leaves as it is: it would be the key of another entity.</summary>
    [Theory]
    [InlineData("%FF")]
    [InlineData("a%FFb")]
    [InlineData("%C3%A9%FF")]
    [InlineData("%C0%AF")]
    [InlineData("%ED%A0%80")]
    [InlineData("a%")]
    [InlineData("a%zz")]
    [InlineData("%2F%FF")]
    public async Task A_key_in_a_path_that_is_no_text_is_a_400(string key)
    {
        await using var node = await TestNode.StartAsync();
        using var client = await node.ConnectAsync();
        await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes($"GET /features/card/{key} HTTP/1.1\r\nHost: localhost\r\n\r\n"));
        Assert.Equal(400, Assert.Single(await RawHttp.ReadAsync(client.GetStream(), 1)).Status);
    }

    /// <summary>A path cannot name them: every client takes them out of it. docs/http-api.md says how they are read.</summary>
    [Theory]
    [InlineData(".")]
    [InlineData("..")]
    public async Task Keys_that_a_path_cannot_name_are_read_by_a_post(string key)
    {
        await using var node = await TestNode.StartAsync();
        node.Store.Pay(key, 1_533_081_599_000, 30);
        using var answer = await node.PostAsync("/features", $$"""{"entities":[{"entity":"card","key":"{{key}}"}]}""");
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Contains("\"card_activity.tx_count_1d\":{\"value\":1", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }
}
