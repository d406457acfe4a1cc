using System.Globalization;
using StackExchange.Redis;
using Streaming.Persistence.Redis.Connection;

namespace Streaming.Persistence.Redis.Slots;

/// <summary>The generations, on Redis.</summary>
internal sealed class RedisGenerations(RedisConnection connection, SlotKeys keys) : IGenerations
{
    private const int SlotsAtOnce = 16;
    private readonly IDatabase _database = connection.Database;

    // KEYS: live, records. ARGV: the one seen or empty, the next.
    private static readonly RedisScript s_switch = new(
        """
        if (redis.call('GET', KEYS[1]) or '') ~= ARGV[1] then return 0 end
        if redis.call('HEXISTS', KEYS[2], ARGV[2]) == 0 then return -1 end
        redis.call('SET', KEYS[1], ARGV[2])
        return 1
        """);

    // KEYS: records, deleting. ARGV: generation, record.
    private static readonly RedisScript s_create = new(
        """
        if redis.call('SISMEMBER', KEYS[2], ARGV[1]) == 1 then return 0 end
        return redis.call('HSETNX', KEYS[1], ARGV[1], ARGV[2])
        """);

    // KEYS: live, records, deleting. ARGV: generation. From here on nobody can switch to it, and a second call finds it.
    private static readonly RedisScript s_startDeleting = new(
        """
        if redis.call('GET', KEYS[1]) == ARGV[1] then return 0 end
        redis.call('SADD', KEYS[3], ARGV[1])
        redis.call('HDEL', KEYS[2], ARGV[1])
        return 1
        """);

    /// <inheritdoc/>
    public async Task<long?> LiveAsync(CancellationToken cancellation)
    {
        var live = await CallAsync(() => _database.StringGetAsync(keys.Live), "reading the live generation", cancellation);
        return live.IsNull ? null : (long)live;
    }

    /// <inheritdoc/>
    public async Task<bool> SwitchAsync(long? seen, long successor, CancellationToken cancellation)
    {
        RedisValue[] arguments = [seen is { } known ? Text(known) : "", Text(successor)];
        Task<RedisResult> Switching() => s_switch.RunAsync(_database, [keys.Live, keys.Records], arguments);
        return (int)await CallAsync(Switching, "switching the generation", cancellation) switch
        {
            1 => true,
            0 => false,
            _ => throw new ArgumentException($"generation {successor} has no record; create it first", nameof(successor)),
        };
    }

    /// <inheritdoc/>
    public async Task<ReadOnlyMemory<byte>?> RecordAsync(long generation, CancellationToken cancellation)
    {
        Task<RedisValue> Reading() => _database.HashGetAsync(keys.Records, generation);
        return RedisShardSlots.Bytes(await CallAsync(Reading, "reading a generation's record", cancellation));
    }

    /// <inheritdoc/>
    public async Task<bool> CreateAsync(long generation, ReadOnlyMemory<byte> record, CancellationToken cancellation)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(generation);
        Task<RedisResult> Creating() => s_create.RunAsync(_database, [keys.Records, keys.Deleting], [Text(generation), record]);
        return (int)await CallAsync(Creating, "creating a generation", cancellation) == 1;
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<long>> ListAsync(CancellationToken cancellation)
    {
        var records = await CallAsync(() => _database.HashKeysAsync(keys.Records), "listing generations", cancellation);
        var deleting = await CallAsync(() => _database.SetMembersAsync(keys.Deleting), "listing generations", cancellation);
        return [.. records.Concat(deleting).Select(generation => (long)generation).Distinct().Order()];
    }

    /// <inheritdoc/>
    public async Task<bool> DeleteAsync(long generation, CancellationToken cancellation)
    {
        Task<RedisResult> Starting() => s_startDeleting.RunAsync(_database, [keys.Live, keys.Records, keys.Deleting], [Text(generation)]);
        if ((int)await CallAsync(Starting, "deleting a generation", cancellation) == 0)
        {
            return false;
        }

        Task<RedisValue[]> Listing() => _database.SetMembersAsync(keys.SlotsOf(generation));
        var slots = await CallAsync(Listing, "listing a generation's slots", cancellation);
        foreach (var some in slots.Select(slot => AddressOf(slot!)).Chunk(SlotsAtOnce))
        {
            await DeleteAsync(some, keys.Fence, cancellation);
            await DeleteAsync(some, keys.Manifest, cancellation);
            await CallAsync(
                () => Task.WhenAll(some.Select(slot => _database.KeyDeleteAsync(keys.Entities(slot)))), "deleting slots", cancellation);
        }

        await CallAsync(() => _database.KeyDeleteAsync(keys.SlotsOf(generation)), "forgetting a generation's slots", cancellation);
        await CallAsync(() => _database.SetRemoveAsync(keys.Deleting, Text(generation)), "forgetting a generation", cancellation);
        return true;
    }

    private static RedisValue Text(long number) => number.ToString(CultureInfo.InvariantCulture);

    private static SlotAddress AddressOf(string text)
    {
        var parts = text.Split('.');
        return new(
            long.Parse(parts[0], CultureInfo.InvariantCulture), parts[1], int.Parse(parts[2], CultureInfo.InvariantCulture));
    }

    private Task<bool[]> DeleteAsync(SlotAddress[] slots, Func<SlotAddress, RedisKey> key, CancellationToken cancellation) => CallAsync(
        () => Task.WhenAll(slots.Select(slot => _database.KeyDeleteAsync(key(slot)))), "deleting slots", cancellation);

    private Task<T> CallAsync<T>(Func<Task<T>> call, string doing, CancellationToken cancellation) =>
        connection.CallAsync(call, doing, null, cancellation);
}
