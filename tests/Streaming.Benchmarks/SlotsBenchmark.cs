using System.Diagnostics;
using System.Globalization;
using Streaming.Persistence.Redis.Connection;
using Streaming.Persistence.Redis.Embedded;
using Streaming.Persistence.Redis.Slots;

namespace Streaming.Benchmarks;

/// <summary>
/// Snapshots of 300 to 600 bytes written to slots, loaded in bulk and one by one: into the embedded server, or into the one that is named.
/// Each pass overwrites the snapshots of the one before; shards are flushed two at a time, as a node with two cores does.
/// </summary>
internal static class SlotsBenchmark
{
    private const int ShardsAtOnce = 2;
    private const int LoadsAtOnce = 64;

    public static async Task<int> RunAsync(string? redis, int snapshots, int shards, int passes, int memory)
    {
        var folder = Directory.CreateTempSubdirectory("streaming-slots-").FullName;
        try
        {
            await using var embedded = redis is null ? await StartAsync(folder, memory) : null;
            var settings = (embedded?.Connection ?? new RedisSettings(redis!)) with { KeyPrefix = $"bench-{Guid.NewGuid():N}" };
            await using var connection = await RedisConnection.OpenAsync(settings, default);
            var slots = new RedisShardSlots(connection);
            Console.WriteLine($"{(redis is null ? "embedded Garnet" : redis)}: {snapshots:N0} snapshots in {shards} shards");
            var flushes = Fill(snapshots, shards);
            for (var pass = 1; pass <= passes; pass++)
            {
                await PassAsync(slots, flushes, pass);
            }

            await slots.Generations.DeleteAsync(1, default);
            return 0;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static Task<EmbeddedRedis> StartAsync(string folder, int megabytes)
    {
        var settings = new EmbeddedRedisSettings(Path.Combine(folder, "redis"));
        return EmbeddedRedis.StartAsync(megabytes > 0 ? settings with { MemoryBytes = (long)megabytes << 20 } : settings, default);
    }

    private static SlotEntry[][] Fill(int snapshots, int shards)
    {
        var random = new Random(1);
        var flushes = new SlotEntry[shards][];
        for (var shard = 0; shard < shards; shard++)
        {
            flushes[shard] = new SlotEntry[snapshots / shards];
            for (var i = 0; i < flushes[shard].Length; i++)
            {
                var bytes = new byte[random.Next(300, 601)];
                random.NextBytes(bytes);
                flushes[shard][i] = new(string.Create(CultureInfo.InvariantCulture, $"card-{shard}-{i:D7}"), bytes);
            }
        }

        return flushes;
    }

    private static async Task PassAsync(RedisShardSlots slots, SlotEntry[][] flushes, int pass)
    {
        var count = flushes.Sum(flush => flush.Length);
        var owned = await Task.WhenAll(flushes.Select((_, shard) => slots.TakeAsync(new(1, "card", shard), Guid.NewGuid(), default)));
        var writing = await TimeAsync(owned, async (slot, stop) =>
        {
            await slot.WriteAsync(flushes[slot.Address.Shard], stop);
            await slot.WriteManifestAsync(new byte[200], stop);
        });
        var loaded = 0L;
        var loading = await TimeAsync(owned, async (slot, stop) =>
        {
            await foreach (var entry in slot.LoadAllAsync(stop))
            {
                Interlocked.Add(ref loaded, entry.Snapshot.Length > 0 ? 1 : 0);
            }
        });
        var single = await TimeAsync(owned, (slot, stop) => Parallel.ForEachAsync(
            flushes[slot.Address.Shard],
            new ParallelOptions { MaxDegreeOfParallelism = LoadsAtOnce, CancellationToken = stop },
            async (entry, _) => await slot.LoadAsync(entry.Key, stop)));
        Console.WriteLine(
            $"pass {pass}: written {count / writing.TotalSeconds:N0}/s, loaded in bulk {loaded / loading.TotalSeconds:N0}/s, " +
            $"one by one ({ShardsAtOnce * LoadsAtOnce} at once) {count / single.TotalSeconds:N0}/s");
        if (loaded != count)
        {
            throw new InvalidOperationException($"{loaded:N0} of {count:N0} snapshots were loaded");
        }
    }

    private static async Task<TimeSpan> TimeAsync(IShardSlot[] owned, Func<IShardSlot, CancellationToken, Task> work)
    {
        var clock = Stopwatch.StartNew();
        var options = new ParallelOptions { MaxDegreeOfParallelism = ShardsAtOnce };
        await Parallel.ForEachAsync(owned, options, async (slot, stop) => await work(slot, stop));
        return clock.Elapsed;
    }
}
