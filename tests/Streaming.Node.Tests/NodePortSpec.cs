using Streaming.Node.Running;

namespace Streaming.Node.Tests;

public sealed class NodePortSpec
{
    [Theory]
    [InlineData("https://[::]:8443", "https://localhost:8443")]
    [InlineData("http://0.0.0.0:80", "http://localhost:80")]
    [InlineData("http://127.0.0.1:8080", "http://127.0.0.1:8080")]
    [InlineData("http://[::1]:8080", "http://[::1]:8080")]
    public void The_start_names_a_URL_that_can_be_opened(string url, string expected) => Assert.Equal(expected, NodePort.Openable(url));
}
