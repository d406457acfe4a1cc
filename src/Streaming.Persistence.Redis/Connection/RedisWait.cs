using System.Net;
using System.Net.Sockets;
using StackExchange.Redis;

namespace Streaming.Persistence.Redis.Connection;

/// <summary>Says what a connection waits for, since the client keeps its reasons until it gives up.</summary>
internal static class RedisWait
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan s_probeWithin = TimeSpan.FromMilliseconds(500);

    /// <summary>Connects, and reports once if that takes long, or has not succeeded.</summary>
    public static async Task<ConnectionMultiplexer> ConnectAsync(
        ConfigurationOptions options, RedisTarget target, Action<string> report, CancellationToken cancellation)
    {
        var connecting = ConnectionMultiplexer.ConnectAsync(options);
        await Task.WhenAny(connecting, Task.Delay(s_patience, TimeProvider.System, cancellation));
        var isConnected = connecting.IsCompletedSuccessfully && (await connecting).IsConnected;
        if (!isConnected && !cancellation.IsCancellationRequested)
        {
            report(FormattableString.Invariant($"Redis {target.Where}: not connected yet: {await WhyAsync(options, target)} ") +
                FormattableString.Invariant($"Trying for {target.ConnectTimeout.TotalSeconds:0.#} s (streaming.redis.connect-timeout), ") +
                "then once more for each of the first requests.");
        }

        return await connecting.WaitAsync(cancellation);
    }

    private static async Task<string> WhyAsync(ConfigurationOptions options, RedisTarget target)
    {
        using var probe = new TcpClient();
        using var bound = new CancellationTokenSource(s_probeWithin, TimeProvider.System);
        try
        {
            switch (options.EndPoints[0])
            {
                case DnsEndPoint named:
                    await probe.ConnectAsync(named.Host, named.Port, bound.Token);
                    break;
                case IPEndPoint address:
                    await probe.ConnectAsync(address, bound.Token);
                    break;
                default:
                    return "it does not answer.";
            }

            return "it takes connections, and has not answered as Redis. " +
                $"{target.Settings.Tls} is {(target.IsTls ? "on" : "off")}: does the server expect that?";
        }
        catch (SocketException refused)
        {
            return $"{RedisCause.Brief(refused.Message)}. Start the server, or set {target.Settings.Address}.";
        }
        catch (OperationCanceledException)
        {
            return $"the address does not answer. Look at {target.Settings.Address}, and at what lies between.";
        }
    }
}
