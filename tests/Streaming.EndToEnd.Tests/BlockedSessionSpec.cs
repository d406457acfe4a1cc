using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Streaming.EndToEnd.Tests;

/// <summary>
/// Sessions of the embedded Redis block while their client does not read. They must not hold the threads that wait for sockets: those
/// sessions, and all requests on the same threads, would wait for them without an end.
/// </summary>
public sealed class BlockedSessionSpec : IDisposable
{
    private const int ValueBytes = 1 << 20;
    private const int AnswersWanted = 64;
    private readonly string _folder = Directory.CreateTempSubdirectory("streaming-blocked-").FullName;

    private static CancellationToken Bounded => new CancellationTokenSource(TimeSpan.FromSeconds(90)).Token;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Clients_of_the_embedded_redis_that_do_not_read_hold_up_no_request()
    {
        var port = FreePort();
        var config = Path.Combine(_folder, "test.hocon");
        await File.WriteAllTextAsync(config, $"streaming.redis.embedded.port = {port}\n");
        var (node, url) = await NodeProcess.RunAsync(_folder, "--config", config);
        await using var _ = node;
        var password = await File.ReadAllTextAsync(Path.Combine(_folder, "redis", "password"));

        // More than there are threads that wait for sockets.
        var clients = new List<Socket>();
        try
        {
            for (var i = 0; i < Environment.ProcessorCount + 2; i++)
            {
                clients.Add(await AskAsync(port, password.Trim()));
            }

            using var http = new HttpClient { BaseAddress = url, Timeout = TimeSpan.FromSeconds(30) };
            for (var i = 0; i < 20; i++)
            {
                // A connection each: they go round the threads.
                using var request = new HttpRequestMessage(HttpMethod.Get, "/health/live") { Headers = { ConnectionClose = true } };
                using var answer = await http.SendAsync(request, Bounded);
                Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
            }
        }
        finally
        {
            clients.ForEach(client => client.Dispose());
        }
    }

    private static async Task<Socket> AskAsync(int port, string password)
    {
        var client = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { ReceiveBufferSize = 4_096 };
        await client.ConnectAsync(new IPEndPoint(IPAddress.Loopback, port), Bounded);
        await SendAsync(client, $"*2\r\n$4\r\nAUTH\r\n${password.Length}\r\n{password}\r\n");
        await SendAsync(client, $"*3\r\n$3\r\nSET\r\n$1\r\nk\r\n${ValueBytes}\r\n{new string('x', ValueBytes)}\r\n");
        var answers = new byte[10];
        for (var got = 0; got < answers.Length;)
        {
            got += await client.ReceiveAsync(answers.AsMemory(got), Bounded);
        }

        Assert.Equal("+OK\r\n+OK\r\n", Encoding.ASCII.GetString(answers));
        await SendAsync(client, string.Concat(Enumerable.Repeat("*2\r\n$3\r\nGET\r\n$1\r\nk\r\n", AnswersWanted)));
        return client;
    }

    private static async Task SendAsync(Socket client, string text)
    {
        for (var left = Encoding.ASCII.GetBytes(text).AsMemory(); left.Length > 0;)
        {
            left = left[await client.SendAsync(left, Bounded)..];
        }
    }

    private static int FreePort()
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        return ((IPEndPoint)probe.LocalEndpoint).Port;
    }
}
