using System.Net;
using System.Text;
using Streaming.Features.State;
using Streaming.Node.Tests.Fakes;

namespace Streaming.Node.Tests;

/// <summary>What clients can make the node hold is bounded, whoever they are and however many.</summary>
public sealed class HttpLimitsSpec
{
    private static readonly string s_megabyte = $"""[{string.Join(',', Enumerable.Repeat($$"""{"event_id":"{{new string('e', 2000)}}"}""", 500))}]""";

    /// <summary>As many bodies as the bound allows are held, however many more clients post; when those have ended others are taken.</summary>
    [Fact]
    public async Task Bodies_beyond_the_bound_of_bytes_are_told_to_come_again()
    {
        await using var node = await TestNode.StartAsync("http { max-bytes-in-flight = 4194304, max-request-bytes = 1048576 }");
        var held = new TaskCompletionSource();
        node.Intake.Waits = held.Task;
        var posts = Enumerable.Range(0, 60).Select(_ => node.PostAsync("/events/clicks", s_megabyte)).ToList();
        await Eventually.TrueAsync("56 are refused", () => posts.Count(post => post.IsCompleted) >= 56);
        Assert.InRange(node.Intake.Waiting, 1, 4);
        held.SetResult();
        var statuses = new List<int>();
        foreach (var answer in await Task.WhenAll(posts))
        {
            statuses.Add((int)answer.StatusCode);
            if (answer.StatusCode == HttpStatusCode.ServiceUnavailable)
            {
                await ProblemAssert.IsAsync(answer, HttpStatusCode.ServiceUnavailable, "too-many-bytes", "streaming.http.max-bytes-in-flight");
                Assert.Equal(1, answer.Headers.RetryAfter!.Delta!.Value.TotalSeconds);
            }

            answer.Dispose();
        }

        Assert.Equal([202, 503], statuses.Distinct().Order());
        foreach (var _ in Enumerable.Range(0, 8))
        {
            using var after = await node.PostAsync("/events/clicks", s_megabyte);
            Assert.Equal(HttpStatusCode.Accepted, after.StatusCode);
        }
    }

    /// <summary>Clients that send half of a large body hold what they sent, and nothing for ever.</summary>
    [Theory]
    [InlineData("/score")]
    [InlineData("/score/batch")]
    [InlineData("/features")]
    [InlineData("/events/clicks")]
    public async Task Half_sent_bodies_count_as_far_as_they_came(string path)
    {
        await using var node = await TestNode.StartAsync("http { max-bytes-in-flight = 524288, max-request-bytes = 1048576, client-timeout = 10m }");
        var half = Encoding.UTF8.GetBytes(
            $"POST {path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 1000000\r\n\r\n{new string(' ', 400_000)}");
        using var first = await node.ConnectAsync();
        using var second = await node.ConnectAsync();
        await Task.WhenAny(first.GetStream().WriteAsync(half).AsTask(), second.GetStream().WriteAsync(half).AsTask());
        var (one, other) = (RawHttp.ReadAsync(first.GetStream(), 1), RawHttp.ReadAsync(second.GetStream(), 1));
        var refused = Assert.Single(await await Task.WhenAny(one, other));
        Assert.Equal(503, refused.Status);
        Assert.Contains("too-many-bytes", refused.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Requests_beyond_the_bound_are_told_to_come_again_and_operations_are_answered()
    {
        await using var node = await TestNode.StartAsync("http.max-requests = 4");
        var held = new TaskCompletionSource();
        node.Store.AtOnce = _ => ReadOutcome.NotHere;
        node.Store.Asked = _ => held.Task;
        var waiting = Enumerable.Range(0, 4).Select(_ => node.PostAsync("/score", """{"card_id":"c","amount":1}""")).ToArray();
        await Eventually.TrueAsync("4 wait", () => node.Store.AskedReads == 4);
        foreach (var path in new[] { "/score", "/score/batch", "/features", "/events/clicks" })
        {
            using var refused = await node.PostAsync(path, "{}");
            await ProblemAssert.IsAsync(refused, HttpStatusCode.ServiceUnavailable, "too-many-requests", "streaming.http.max-requests");
            Assert.Equal(1, refused.Headers.RetryAfter!.Delta!.Value.TotalSeconds);
        }

        foreach (var path in new[] { "/health/live", "/health/ready", "/metrics" })
        {
            using var answered = await node.Client.GetAsync(path);
            Assert.Equal(HttpStatusCode.OK, answered.StatusCode);
        }

        held.SetResult();
        foreach (var answer in await Task.WhenAll(waiting))
        {
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
            answer.Dispose();
        }

        node.Store.AtOnce = _ => null;
        using var after = await node.PostAsync("/score", """{"card_id":"c","amount":1}""");
        Assert.Equal(HttpStatusCode.OK, after.StatusCode);
    }
}
