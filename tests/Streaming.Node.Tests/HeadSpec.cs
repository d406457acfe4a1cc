using System.Net;
using Streaming.Node.Tests.Fakes;

namespace Streaming.Node.Tests;

/// <summary>Load balancers and monitors ask with HEAD.</summary>
public sealed class HeadSpec
{
    public static TheoryData<string> Paths => new("/", "/health/live", "/health/ready", "/status", "/metrics", "/features/card/c", "/features/crad/c", "/openapi/v1.json", "/scalar/");

    [Theory]
    [MemberData(nameof(Paths))]
    public async Task Head_is_answered_as_get_is_but_without_a_body(string path)
    {
        await using var node = await TestNode.StartAsync();
        using var get = await node.Client.GetAsync(path);
        using var request = new HttpRequestMessage(HttpMethod.Head, path);
        using var head = await node.Client.SendAsync(request);
        Assert.Equal(get.StatusCode, head.StatusCode);
        Assert.Equal(get.Content.Headers.ContentType, head.Content.Headers.ContentType);
        Assert.Empty(await head.Content.ReadAsByteArrayAsync());
    }

    [Fact]
    public async Task Head_tells_that_a_node_is_catching_up()
    {
        await using var node = await TestNode.StartAsync();
        node.Store.IsReady = false;
        using var request = new HttpRequestMessage(HttpMethod.Head, "/health/ready");
        using var head = await node.Client.SendAsync(request);
        Assert.Equal((HttpStatusCode.ServiceUnavailable, TimeSpan.FromSeconds(1)), (head.StatusCode, head.Headers.RetryAfter?.Delta));
    }

    [Theory]
    [InlineData("/metrics")]
    [InlineData("/status")]
    public async Task Another_method_is_told_what_is_taken(string path)
    {
        await using var node = await TestNode.StartAsync();
        using var answer = await node.PostAsync(path, "{}");
        await ProblemAssert.IsAsync(answer, HttpStatusCode.MethodNotAllowed, "method-not-allowed", "POST is not allowed here");
        Assert.Equal(["GET", "HEAD"], answer.Content.Headers.Allow.Order());
    }
}
