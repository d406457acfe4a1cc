using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Streaming.Node.Tests.Fakes;

namespace Streaming.Node.Tests;

/// <summary>What a web page of somebody else can make a browser do to a node on the same machine.</summary>
public sealed class BrowserSpec
{
    private const string Click = """{"event_id":"e","user_id":"u","session_id":"s","item_id":"i","kind":"view","ts":1533081600000}""";

    public static TheoryData<string> Writes => ["/score", "/score/", "/score/batch", "/features", "/events/clicks"];

    /// <summary>A body of fetch with a Blob, and of sendBeacon: neither asks the node before it is sent.</summary>
    [Theory]
    [MemberData(nameof(Writes))]
    public async Task A_body_without_a_content_type_is_refused(string path)
    {
        await using var node = await TestNode.StartAsync();
        using var answer = await node.Client.PostAsync(path, new ByteArrayContent(Encoding.UTF8.GetBytes(Click)));
        await ProblemAssert.IsAsync(answer, HttpStatusCode.UnsupportedMediaType, "wrong-media-type", "Content-Type is missing, expected application/json");
        Assert.Empty(node.Intake.Events);
    }

    [Theory]
    [InlineData("localhost", "", 200)]
    [InlineData("LOCALHOST:8080", "", 200)]
    [InlineData("localhost.", "", 200)]
    [InlineData("127.0.0.1:1", "", 200)]
    [InlineData("[::1]:8080", "", 200)]
    [InlineData("evil.example", "", 421)]
    [InlineData("localhost.evil.example:8080", "", 421)]
    [InlineData("evil.example:127", "", 421)]
    [InlineData("10.0.0.1", "", 421)]
    [InlineData("scores.example.com", "http.hosts = \"other.example, scores.example.com\"", 200)]
    [InlineData("localhost", "http.hosts = \"scores.example.com\"", 200)]
    [InlineData("evil.example", "http.hosts = \"scores.example.com\"", 421)]
    [InlineData("evil.example", "http.hosts = \"*\"", 200)]
    [InlineData("evil.example", "http.listen = \"*:0\"", 421)]
    [InlineData("10.0.0.1:8080", "http.listen = \"*:0\"", 200)]
    [InlineData("localhost", "http.listen = \"*:0\"", 200)]
    public async Task Only_names_of_the_node_are_answered(string host, string settings, int status)
    {
        await using var node = await TestNode.StartAsync(settings);
        foreach (var path in new[] { "/", "/status", "/features/card/c", "/metrics" })
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, path) { Headers = { Host = host } };
            using var answer = await node.Client.SendAsync(request);
            Assert.Equal(status, (int)answer.StatusCode);
        }

        using var score = Json("/score", """{"card_id":"c","amount":1}""");
        score.Headers.Host = host;
        using var scored = await node.Client.SendAsync(score);
        Assert.Equal(status, (int)scored.StatusCode);
    }

    [Theory]
    [InlineData("http://localhost:8080", "", true)]
    [InlineData("https://localhost:8080", "", true)]
    [InlineData("http://localhost:3000", "", false)]
    [InlineData("http://localhost", "", false)]
    [InlineData("https://evil.example", "", false)]
    [InlineData("null", "", false)]
    [InlineData("https://shop.example.com", "http.origins = \"https://shop.example.com, https://other.example\"", true)]
    [InlineData("https://shop.example.com.evil.example", "http.origins = \"https://shop.example.com\"", false)]
    public async Task A_page_of_another_origin_does_not_write(string origin, string settings, bool isTaken)
    {
        await using var node = await TestNode.StartAsync(settings);
        foreach (var (path, body) in new[] { ("/score", """{"card_id":"c","amount":1}"""), ("/events/clicks", Click) })
        {
            using var request = Json(path, body);
            request.Headers.Host = "localhost:8080";
            request.Headers.Add("Origin", origin);
            using var answer = await node.Client.SendAsync(request);
            Assert.Equal(isTaken, answer.IsSuccessStatusCode);
            if (!isTaken)
            {
                await ProblemAssert.IsAsync(answer, HttpStatusCode.Forbidden, "foreign-origin", "streaming.http.origins");
            }
        }

        Assert.Equal(isTaken ? 1 : 0, node.Intake.Events.Count);
    }

    /// <summary>A browser says with each request where it comes from, also where a page keeps the Origin from being sent.</summary>
    [Theory]
    [InlineData("cross-site", null, false)]
    [InlineData("same-site", null, false)]
    [InlineData("same-origin", null, true)]
    [InlineData("none", null, true)]
    [InlineData("cross-site", "https://shop.example.com", true)]
    public async Task A_page_of_another_site_does_not_write_without_an_origin(string site, string? origin, bool isTaken)
    {
        await using var node = await TestNode.StartAsync("http.origins = \"https://shop.example.com\"");
        using var request = Json("/events/clicks", Click);
        request.Headers.Add("Sec-Fetch-Site", site);
        request.Headers.Add("Origin", origin is null ? [] : [origin]);
        using var answer = await node.Client.SendAsync(request);
        Assert.Equal(isTaken, answer.IsSuccessStatusCode);
        if (!isTaken)
        {
            await ProblemAssert.IsAsync(answer, HttpStatusCode.Forbidden, "foreign-origin", $"Sec-Fetch-Site is \"{site}\"");
        }

        Assert.Equal(isTaken ? 1 : 0, node.Intake.Events.Count);
        using var read = new HttpRequestMessage(HttpMethod.Get, "/status") { Headers = { { "Sec-Fetch-Site", site } } };
        using var status = await node.Client.SendAsync(read);
        Assert.Equal(HttpStatusCode.OK, status.StatusCode);
    }

    /// <summary>
    /// Every browser speaks HTTP/1.1 and names the host that its page used, so that only a name can be rebound. A request without one, or
    /// with an empty one, is a program's: HTTP/1.0 (health checks of load balancers) is answered, HTTP/1.1 must name a host, and Kestrel
    /// sees to it.
    /// </summary>
    [Theory]
    [InlineData("GET /status HTTP/1.0\r\n\r\n", 200)]
    [InlineData("GET /status HTTP/1.0\r\nHost: evil.example\r\n\r\n", 421)]
    [InlineData("GET /status HTTP/1.1\r\n\r\n", 400)]
    [InlineData("GET /status HTTP/1.1\r\nHost:\r\n\r\n", 200)]
    [InlineData("GET /status HTTP/1.1\r\nHost: localhost\r\nHost: evil.example\r\n\r\n", 400)]
    [InlineData("GET http://evil.example/status HTTP/1.1\r\nHost: localhost\r\n\r\n", 400)]
    [InlineData("GET /status HTTP/1.1\r\nHost: localhost.\r\n\r\n", 200)]
    public async Task A_request_without_a_host_is_no_browsers(string request, int status)
    {
        await using var node = await TestNode.StartAsync();
        using var client = await node.ConnectAsync();
        await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(request));
        Assert.Equal(status, Assert.Single(await RawHttp.ReadAsync(client.GetStream(), 1)).Status);
    }

    [Theory]
    [InlineData("/")]
    [InlineData("/scalar")]
    [InlineData("/openapi/v1.json")]
    [InlineData("/status")]
    [InlineData("/metrics")]
    [InlineData("/features/card/c")]
    [InlineData("/nowhere")]
    public async Task No_page_of_others_can_hold_an_answer_or_guess_what_it_is(string path)
    {
        await using var node = await TestNode.StartAsync();
        using var answer = await node.Client.GetAsync(path);
        Assert.Contains("frame-ancestors 'none'", Assert.Single(answer.Headers.GetValues("Content-Security-Policy")), StringComparison.Ordinal);
        Assert.Equal("nosniff", Assert.Single(answer.Headers.GetValues("X-Content-Type-Options")));
    }

    private static HttpRequestMessage Json(string path, string body) => new(HttpMethod.Post, path)
    {
        Content = new StringContent(body, Encoding.UTF8, new MediaTypeHeaderValue("application/json")),
    };
}
