// Hot: for each snapshot of a flush.
using StackExchange.Redis;

namespace Streaming.Persistence.Redis.Slots;

/// <summary>Cuts a flush into scripts, and lays out their arguments. Snapshots are not copied.</summary>
internal static class SlotBatch
{
    /// <summary>How many of the first entries one script takes: at least one.</summary>
    public static int CountOf(ReadOnlySpan<SlotEntry> entries, int entriesMax, int bytesMax)
    {
        var bytes = 0L;
        var count = 0;
        while (count < entries.Length && count < entriesMax && (count == 0 || bytes < bytesMax))
        {
            bytes += entries[count++].Snapshot.Length;
        }

        return count;
    }

    /// <summary>The token, then key and snapshot by turns.</summary>
    public static RedisValue[] Arguments(RedisValue token, ReadOnlySpan<SlotEntry> entries)
    {
        var arguments = new RedisValue[1 + (2 * entries.Length)];
        arguments[0] = token;
        for (var i = 0; i < entries.Length; i++)
        {
            arguments[(2 * i) + 1] = entries[i].Key;
            arguments[(2 * i) + 2] = entries[i].Snapshot;
        }

        return arguments;
    }

    /// <summary>The token, then keys.</summary>
    public static RedisValue[] Arguments(RedisValue token, ReadOnlySpan<string> keys)
    {
        var arguments = new RedisValue[1 + keys.Length];
        arguments[0] = token;
        for (var i = 0; i < keys.Length; i++)
        {
            arguments[i + 1] = keys[i];
        }

        return arguments;
    }
}
