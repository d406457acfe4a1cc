namespace Streaming.Persistence.Redis.Slots;

/// <summary>
/// What happens in the server as a whole. KEYS[1] is the slot's fence. A write finds the fence as the write before left it, counts itself
/// there, and answers 1; where the fence is another one it changes nothing and answers what it holds (empty: nothing).
/// </summary>
internal static class SlotScripts
{
    private const string Fenced =
        """
        local held = redis.call('GET', KEYS[1])
        if held ~= ARGV[1] then return held or '' end

        """;

    // Last: a count that is there has what it counts.
    private const string Counted = " redis.call('SET', KEYS[1], ARGV[2]) return 1";

    // KEYS: fence. ARGV: owner, the epoch and the count of writes known to be its own.
    private const string Known =
        """
        local held = redis.call('GET', KEYS[1])
        if not held then return '' end
        local epoch, owner, writes = string.match(held, '^(%d+)/([^/]*)/(%d+)$')
        if owner ~= ARGV[1] or tonumber(epoch) < tonumber(ARGV[2])
          or (tonumber(epoch) == tonumber(ARGV[2]) and tonumber(writes) < tonumber(ARGV[3])) then return held end

        """;

    /// <summary>KEYS: fence, manifest. ARGV: owner. Answers the new fence and the manifest.</summary>
    public static RedisScript Take { get; } = new(
        """
        local held = redis.call('GET', KEYS[1])
        local epoch = 0
        if held then
          epoch = tonumber(string.match(held, '^(%d+)/'))
          if not epoch then return redis.error_reply('ERR the fence ' .. KEYS[1] .. ' holds no token') end
        end
        local fence = string.format('%.0f', epoch + 1) .. '/' .. ARGV[1] .. '/0'
        redis.call('SET', KEYS[1], fence)
        return { fence, redis.call('GET', KEYS[2]) }
        """);

    /// <summary>KEYS: fence. ARGV: owner, epoch, writes. Answers the new fence, or what it holds.</summary>
    public static RedisScript Renew { get; } = new(
        Known +
        """
        local fence = string.format('%.0f', tonumber(epoch) + 1) .. '/' .. owner .. '/0'
        redis.call('SET', KEYS[1], fence)
        return { fence }
        """);

    /// <summary>KEYS: fence, bucket. ARGV: owner, epoch, writes, entity. Answers its snapshot, if any, or what the fence holds.</summary>
    public static RedisScript Load { get; } = new(Known + "return { redis.call('HGET', KEYS[2], ARGV[4]) }");

    /// <summary>KEYS: fence. ARGV: owner, epoch, writes. Answers the fence.</summary>
    public static RedisScript Check { get; } = new(Known + "return { held }");

    /// <summary>
    /// KEYS: fence, buckets. ARGV: fence, next fence, then for each bucket a count and so many keys and snapshots by turns.
    /// </summary>
    public static RedisScript Write { get; } = new(Fenced + EachBucket("HSET"));

    /// <summary>KEYS: fence, buckets. ARGV: fence, next fence, then for each bucket a count and so many keys.</summary>
    public static RedisScript Delete { get; } = new(Fenced + EachBucket("HDEL"));

    /// <summary>KEYS: fence, manifest. ARGV: fence, next fence, manifest.</summary>
    public static RedisScript Manifest { get; } = new(Fenced + "redis.call('SET', KEYS[2], ARGV[3])" + Counted);

    private static string EachBucket(string command) =>
        $"""
        local at = 3
        for bucket = 2, #KEYS do
          local count = tonumber(ARGV[at])
          redis.call('{command}', KEYS[bucket], unpack(ARGV, at + 1, at + count))
          at = at + 1 + count
        end
        """ + Counted;
}
