using System.Collections.Immutable;
using Streaming.Chaos.Processes;

namespace Streaming.Chaos.Faults;

/// <summary>Faults of the store of snapshots.</summary>
internal static class StoreFaults
{
    private const string Copy = "store-copy";

    /// <summary>All of them.</summary>
    public static ImmutableArray<Fault> All { get; } =
    [
        new("kill-redis", "kill -9 of redis-server under a running node, and a new one over its files", static world => world.NoRedis, KillAsync) { LeavesNode = true },
        new("pause-redis", "SIGSTOP of redis-server for longer than a call may take, SIGCONT", static world => world.NoRedis, PauseAsync) { LeavesNode = true },
        new("empty-store", "FLUSHALL under a running node", static world => world.NoRedis, EmptyAsync) { LeavesNode = true },
        new("lose-store", "kill -9 of the node, its snapshots are deleted", static _ => null, LoseAsync),
        new("old-store", "kill -9 of node and store, an older copy of the store's files in their place", static _ => null, RestoreAsync),
        new("old-store-live", "as old-store, and the node lives on", static world => world.NoRedis, RestoreUnderNodeAsync),
    ];

    private static async Task KillAsync(World world, Random random)
    {
        await world.Redis!.KillAsync();
        await Pause.ForAsync(random, 0, 1_500);
        await world.Redis.StartAsync();
    }

    private static async Task PauseAsync(World world, Random random)
    {
        await world.Redis!.FreezeAsync();
        await Pause.ForAsync(random, 500, 2_500);
        await world.Redis.GoOnAsync();
    }

    private static Task EmptyAsync(World world, Random random) => world.Redis!.EmptyAsync();

    private static async Task LoseAsync(World world, Random random)
    {
        await world.KillNodeAsync();
        if (world.Redis is { } redis)
        {
            await redis.EmptyAsync();
        }
        else
        {
            Directory.Delete(Embedded(world), recursive: true);
        }

        await world.StartNodeAsync();
    }

    private static async Task RestoreAsync(World world, Random random)
    {
        await CopyAsync(world);
        await Pause.ForAsync(random, 500, 2_000);
        await world.KillNodeAsync();
        if (world.Redis is { } redis)
        {
            await redis.KillAsync();
            redis.Restore(world.Folder[Copy]);
            await redis.StartAsync();
        }
        else
        {
            Directory.Delete(Embedded(world), recursive: true);
            Repository.Copy(world.Folder[Copy], Embedded(world));
        }

        Directory.Delete(world.Folder[Copy], recursive: true);
        await world.StartNodeAsync();
    }

    private static async Task RestoreUnderNodeAsync(World world, Random random)
    {
        await CopyAsync(world);
        await Pause.ForAsync(random, 500, 2_000);
        await world.Redis!.KillAsync();
        world.Redis.Restore(world.Folder[Copy]);
        await world.Redis.StartAsync();
        Directory.Delete(world.Folder[Copy], recursive: true);
    }

    // Files of one moment: of a server that is frozen for it, which its clients hardly notice, or of a node that is killed.
    private static async Task CopyAsync(World world)
    {
        if (world.Redis is { } redis)
        {
            await redis.FreezeAsync();
            redis.CopyTo(world.Folder[Copy]);
            await redis.GoOnAsync();
        }
        else
        {
            await world.KillNodeAsync();
            Repository.Copy(Embedded(world), world.Folder[Copy]);
            await world.StartNodeAsync();
        }
    }

    private static string Embedded(World world) => Path.Combine(world.Data, "redis");
}
