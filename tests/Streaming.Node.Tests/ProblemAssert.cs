using System.Net;
using System.Text.Json;

namespace Streaming.Node.Tests;

/// <summary>Holds an answer to RFC 9457.</summary>
internal static class ProblemAssert
{
    public static async Task IsAsync(HttpResponseMessage answer, HttpStatusCode status, string name, string says)
    {
        var text = await answer.Content.ReadAsStringAsync();
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
        var problem = JsonDocument.Parse(text).RootElement;
        Assert.Equal($"urn:streaming:problem:{name}", problem.GetProperty("type").GetString());
        Assert.Equal(status, answer.StatusCode);
        Assert.Equal((int)status, problem.GetProperty("status").GetInt32());
        Assert.NotEqual(string.Empty, problem.GetProperty("title").GetString());
        Assert.Contains(says, text.Contains("faults", StringComparison.Ordinal) ? problem.GetRawText() : problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }
}
