using System.Net;
using System.Net.Sockets;
using System.Text;
using Streaming.Cli.Shell;

namespace Streaming.Cli.Tests;

public sealed class NodeClientSpec
{
    [Theory]
    [InlineData("features get card a/b", "", "/features/card/a%2Fb")]
    [InlineData("features get card c", "/prefix", "/prefix/features/card/c")]
    [InlineData("features get card c", "/prefix/", "/prefix/features/card/c")]
    public async Task The_path_that_is_asked_for_has_the_prefix_and_the_whole_key(string line, string prefix, string expected)
    {
        using var cli = new Cli();
        using var node = new TcpListener(IPAddress.Loopback, 0);
        node.Start();
        var asked = FirstLineAsync(node);
        await cli.RunAsync($"{line} --node http://{node.LocalEndpoint}{prefix}");
        Assert.Equal($"GET {expected} HTTP/1.1", await asked);
    }

    [Fact]
    public async Task Who_logs_in_is_not_printed()
    {
        using var cli = new Cli();
        var answer = await cli.RunAsync("features get card c --node http://me:secret@127.0.0.1:1/gate");
        Assert.Equal(ExitCode.Unreachable, answer.Code);
        Assert.Contains("no node answers at http://127.0.0.1:1/gate/ ", answer.Fault, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", answer.Error, StringComparison.Ordinal);
    }

    private static async Task<string?> FirstLineAsync(TcpListener node)
    {
        using var client = await node.AcceptTcpClientAsync();
        await using var stream = client.GetStream();
        using var reader = new StreamReader(stream);
        var line = await reader.ReadLineAsync();
        await stream.WriteAsync(Encoding.ASCII.GetBytes("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"));
        return line;
    }
}
