using Streaming.Node.Running;
using Streaming.Node.Tests.Fakes;

namespace Streaming.Node.Tests;

public sealed class NodePortSpec
{
    /// <summary>
    /// The console's lifetime would cancel a start on Ctrl-C while HTTP binds, and the host would log that as a failure with its stack.
    /// </summary>
    [Fact]
    public async Task A_signal_while_HTTP_binds_is_the_callers_to_handle()
    {
        await using var node = await TestNode.StartAsync();
        Assert.DoesNotContain("Console", node.Lifetime.GetType().Name, StringComparison.Ordinal);
        Assert.True(node.Lifetime.WaitForStartAsync(CancellationToken.None).IsCompletedSuccessfully);
        Assert.True(node.Lifetime.StopAsync(CancellationToken.None).IsCompletedSuccessfully);
    }

    [Theory]
    [InlineData("https://[::]:8443", "https://localhost:8443")]
    [InlineData("http://0.0.0.0:80", "http://localhost:80")]
    [InlineData("http://127.0.0.1:8080", "http://127.0.0.1:8080")]
    [InlineData("http://[::1]:8080", "http://[::1]:8080")]
    public void The_start_names_a_URL_that_can_be_opened(string url, string expected) => Assert.Equal(expected, NodePort.Openable(url));
}
