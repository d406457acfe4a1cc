using System.Net;
using Streaming.Node.Tests.Fakes;

namespace Streaming.Node.Tests;

/// <summary>The query parameter "explain" of both score routes.</summary>
public sealed class ExplainQuerySpec
{
    [Theory]
    [InlineData("?explain=true", true)]
    [InlineData("?explain=5", true)]
    [InlineData("?explain=false", false)]
    [InlineData("?explain=0", false)]
    public async Task An_answer_is_explained_only_where_that_is_asked_for_and_says_why_it_cannot_be(string query, bool isExplained)
    {
        await using var node = await TestNode.StartAsync();
        foreach (var (path, body) in new[] { ("/score", """{"card_id":"c","amount":250}"""), ("/score/batch", """[{"card_id":"c","amount":250}]""") })
        {
            using var answer = await node.PostAsync(path + query, body);
            var text = await answer.Content.ReadAsStringAsync();
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
            Assert.Equal(
                isExplained,
                text.Contains(""","explanation":{"method":"none","why":"there is no exact method for this model"}}""", StringComparison.Ordinal));
            Assert.Equal(isExplained, text.Contains("explanation", StringComparison.Ordinal));
        }
    }

    [Theory]
    [InlineData("?explain=maybe", "maybe")]
    [InlineData("?explain=65", "65")]
    [InlineData("?explain=", "")]
    public async Task A_wrong_explain_is_refused(string query, string found)
    {
        await using var node = await TestNode.StartAsync();
        foreach (var (path, body) in new[] { ("/score", """{"card_id":"c","amount":250}"""), ("/score/batch", """[{"card_id":"c","amount":250}]""") })
        {
            using var answer = await node.PostAsync(path + query, body);
            await ProblemAssert.IsAsync(
                answer, HttpStatusCode.BadRequest, "invalid-value", $"is \"{found}\", expected true, false, or a number from 0 to 64");
        }
    }
}
