using System.Collections.Immutable;

namespace Streaming.Chaos.Faults;

/// <summary>Faults of the node's process.</summary>
internal static class NodeFaults
{
    /// <summary>The plain kill -9.</summary>
    public const string Kill = "kill-node";

    /// <summary>All of them.</summary>
    public static ImmutableArray<Fault> All { get; } =
    [
        new(Kill, "kill -9 of the node at any moment, and a new one", static _ => null, KillAsync),
        new("kill-start", "kill -9 of the node, and again of the next one while it starts", static _ => null, KillWhileStartingAsync),
        new("kill-in-flush", "kill -9 of the node between two writes of a flush; the second comes late, also after the next owner", static world => world.NoRedis, KillInFlushAsync),
        new("pause-node", "SIGSTOP of the node for some seconds, SIGCONT", static _ => null, PauseAsync),
        new("two-takers", "the node is stopped (SIGSTOP), another takes its shards, the first goes on", static world => world.NoRedis, TwoTakersAsync),
    ];

    private static async Task KillAsync(World world, Random random)
    {
        await world.KillNodeAsync();
        await Pause.ForAsync(random, 0, 300);
        await world.StartNodeAsync();
    }

    private static async Task KillWhileStartingAsync(World world, Random random)
    {
        await world.KillNodeAsync();
        await using (world.BeginNode())
        {
            await Pause.ForAsync(random, 300, 3_000);
        }

        await world.StartNodeAsync();
    }

    private static async Task KillInFlushAsync(World world, Random random)
    {
        var hold = world.Redis!.Proxy.HoldOne(random.Next(1, 12), "}:e:", "}:manifest");
        await world.WaitAsync("a write of a flush", () => Task.FromResult(hold.Held.IsCompleted));
        await world.KillNodeAsync();
        if (random.Next(2) == 0)
        {
            hold.Release();
        }

        await world.StartNodeAsync();
        hold.Release();
    }

    private static async Task PauseAsync(World world, Random random)
    {
        var process = world.Node!.Process;
        await process.FreezeAsync();
        await Pause.ForAsync(random, 1_000, 4_000);
        await process.GoOnAsync();
    }

    private static async Task TwoTakersAsync(World world, Random random)
    {
        await Pause.ForAsync(random, 0, 500);
        var first = world.Node!;
        await first.Process.FreezeAsync();
        await world.StartNodeAsync();
        await world.WaitAsync("the second taker is ready", () => world.Node!.IsReadyAsync());
        await first.Process.GoOnAsync();

        // Its next write is refused, and it says that it is not live; or it has ended by then.
        await world.WaitAsync("the first owner is fenced", async () => first.Process.HasExited || await first.IsLiveAsync() == false);
        await first.DisposeAsync();
    }
}
