using Streaming.Node.Tests.Fakes;

namespace Streaming.Node.Tests;

/// <summary>On which threads scores are answered.</summary>
public sealed class InlineSocketsSpec
{
    [Theory]
    [InlineData("on", true)]
    [InlineData("off", false)]
    public async Task Scores_are_answered_on_the_threads_that_wait_for_sockets_where_that_is_set(string inline, bool expected)
    {
        await using var node = await TestNode.StartAsync($"http.inline-sockets = {inline}");
        var isInline = false;
        node.Store.AtOnce = _ =>
        {
            isInline |= !Thread.CurrentThread.IsThreadPoolThread;
            return null;
        };

        // What has arrived before the connection is set up is read on the thread pool.
        await Eventually.TrueAsync(
            "a score is answered",
            async () =>
            {
                using var answer = await node.PostAsync("/score", """{"card_id":"c","amount":1}""");
                answer.EnsureSuccessStatusCode();
                return isInline == expected;
            },
            () => $"inline: {isInline}");
    }
}
