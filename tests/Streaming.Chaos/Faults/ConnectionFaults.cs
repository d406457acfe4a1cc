using System.Collections.Immutable;
using Streaming.Chaos.Processes;

namespace Streaming.Chaos.Faults;

/// <summary>Faults of the connections to Redis and to the broker, on the proxy in between.</summary>
internal static class ConnectionFaults
{
    /// <summary>All of them.</summary>
    public static ImmutableArray<Fault> All { get; } =
    [
        .. Of("redis", "Redis", static world => world.NoRedis, static world => world.Redis!.Proxy),
        .. Of("broker", "the broker", static world => world.NoBroker, static world => world.Broker!.Proxy),
    ];

    private static IEnumerable<Fault> Of(string name, string server, Func<World, string?> skip, Func<World, TcpProxy> proxy)
    {
        Fault Of(string kind, string what, Func<TcpProxy, Random, Action> fault) =>
            new($"{kind}-{name}", what, skip, (world, random) => WhileAsync(proxy(world), fault, random)) { LeavesNode = true };
        return
        [
            Of("cut", $"connections to {server} are closed and refused", (each, _) => each.Cut),
            Of("hold", $"connections to {server} are open and silent", (each, _) => each.Hold),
            Of("slow", $"each piece to and from {server} takes 20 to 300 ms", (each, random) => () => each.Slow(random.Next(20, 300))),
        ];
    }

    private static async Task WhileAsync(TcpProxy proxy, Func<TcpProxy, Random, Action> fault, Random random)
    {
        fault(proxy, random)();
        await Pause.ForAsync(random, 500, 3_000);
        proxy.Mend();
    }
}
