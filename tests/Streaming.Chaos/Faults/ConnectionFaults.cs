using System.Collections.Immutable;
using Streaming.Chaos.Processes;

namespace Streaming.Chaos.Faults;

/// <summary>Faults of the connections to Redis and to the broker, on the proxy in between.</summary>
internal static class ConnectionFaults
{
    /// <summary>All of them.</summary>
    public static ImmutableArray<Fault> All { get; } =
    [
        .. Of("redis", "Redis", static world => world.Redis?.Proxy), .. Of("broker", "the broker", static world => world.Broker?.Proxy),
    ];

    private static IEnumerable<Fault> Of(string name, string what, Func<World, TcpProxy?> proxy)
    {
        string? Skip(World world) => proxy(world) is null ? $"there is no connection to {what}" : null;
        yield return new($"cut-{name}", $"connections to {what} are closed and refused", Skip, (world, random) =>
            WhileAsync(proxy(world)!, each => each.Cut(), random));
        yield return new($"hold-{name}", $"connections to {what} are open and silent", Skip, (world, random) =>
            WhileAsync(proxy(world)!, each => each.Hold(), random));
        yield return new($"slow-{name}", $"each piece to and from {what} takes 20 to 300 ms", Skip, (world, random) =>
            WhileAsync(proxy(world)!, each => each.Slow(random.Next(20, 300)), random));
    }

    private static async Task WhileAsync(TcpProxy proxy, Action<TcpProxy> fault, Random random)
    {
        fault(proxy);
        await Pause.ForAsync(random, 500, 3_000);
        proxy.Mend();
    }
}
