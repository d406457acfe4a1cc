using System.Net;
using System.Net.Sockets;
using Streaming.Persistence.Redis.Connection;
using Streaming.Persistence.Redis.Slots;

namespace Streaming.Persistence.Redis.Tests.Connection;

/// <summary>A server that is too busy to end its TLS handshake in time. The client then speaks of an authentication failure.</summary>
public sealed class SlowHandshakeSpec
{
    [Fact]
    public async Task It_is_an_outage_and_no_wrong_password()
    {
        // It accepts, and says nothing.
        using var server = new TcpListener(IPAddress.Loopback, 0);
        server.Start();
        var settings = new RedisSettings($"127.0.0.1:{((IPEndPoint)server.LocalEndpoint).Port}")
        {
            Tls = new(),
            ConnectTimeout = TimeSpan.FromMilliseconds(300),
            CallTimeout = TimeSpan.FromSeconds(1),
        };
        await using var connection = await RedisConnection.OpenAsync(settings, CancellationToken.None);
        SlotStoreException? outage = null;
        await Eventually.TrueAsync(
            "the client speaks of an authentication failure",
            async () =>
            {
                outage = await Assert.ThrowsAsync<SlotStoreException>(() => new RedisShardSlots(connection).ReadAsync(new(1, "card", 0), "a", CancellationToken.None));
                return outage.ToString().Contains("authentication failure", StringComparison.Ordinal);
            },
            () => outage?.ToString() ?? "none");
        Assert.True(outage!.Retriable, outage.Message);
        Assert.DoesNotContain("streaming.redis.user", outage.Message, StringComparison.Ordinal);
    }
}
