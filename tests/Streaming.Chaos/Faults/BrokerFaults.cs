using System.Collections.Immutable;

namespace Streaming.Chaos.Faults;

/// <summary>Faults of the broker's process.</summary>
internal static class BrokerFaults
{
    /// <summary>All of them.</summary>
    public static ImmutableArray<Fault> All { get; } =
    [
        new("kill-broker", "kill -9 of the broker, and a new one over its files", static world => world.NoBroker, KillAsync) { LeavesNode = true },
        new("pause-broker", "SIGSTOP of the broker, SIGCONT", static world => world.NoBroker, PauseAsync) { LeavesNode = true },
    ];

    private static async Task KillAsync(World world, Random random)
    {
        await world.Broker!.KillAsync();
        await Pause.ForAsync(random, 0, 1_000);
        await world.Broker.StartAsync();
    }

    private static async Task PauseAsync(World world, Random random)
    {
        await world.Broker!.FreezeAsync();
        await Pause.ForAsync(random, 500, 4_000);
        await world.Broker.GoOnAsync();
    }
}
