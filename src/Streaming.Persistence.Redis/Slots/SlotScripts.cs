namespace Streaming.Persistence.Redis.Slots;

/// <summary>
/// What happens in the server as a whole. KEYS[1] is the slot's fence. A write answers 1, or what the fence holds where that is not the
/// writer's token (empty: nothing).
/// </summary>
internal static class SlotScripts
{
    private const string Fenced = "local held = redis.call('GET', KEYS[1]) if held ~= ARGV[1] then return held or '' end ";

    /// <summary>KEYS: fence, manifest. ARGV: owner. Answers the new token and the manifest.</summary>
    public static RedisScript Take { get; } = new(
        """
        local held = redis.call('GET', KEYS[1])
        local epoch = 0
        if held then
          epoch = tonumber(string.match(held, '^(%d+)/'))
          if not epoch then return redis.error_reply('ERR the fence ' .. KEYS[1] .. ' holds no token') end
        end
        local token = string.format('%.0f', epoch + 1) .. '/' .. ARGV[1]
        redis.call('SET', KEYS[1], token)
        return { token, redis.call('GET', KEYS[2]) }
        """);

    /// <summary>KEYS: fence. ARGV: owner, the epoch known to be its own. Answers the new token, or what the fence holds.</summary>
    public static RedisScript Renew { get; } = new(
        """
        local held = redis.call('GET', KEYS[1])
        if not held then return '' end
        local epoch, owner = string.match(held, '^(%d+)/(.*)$')
        if owner ~= ARGV[1] or tonumber(epoch) < tonumber(ARGV[2]) then return held end
        local token = string.format('%.0f', tonumber(epoch) + 1) .. '/' .. owner
        redis.call('SET', KEYS[1], token)
        return { token }
        """);

    /// <summary>KEYS: fence, buckets. ARGV: token, then for each bucket a count and so many keys and snapshots by turns.</summary>
    public static RedisScript Write { get; } = new(Fenced + EachBucket("HSET"));

    /// <summary>KEYS: fence, buckets. ARGV: token, then for each bucket a count and so many keys.</summary>
    public static RedisScript Delete { get; } = new(Fenced + EachBucket("HDEL"));

    /// <summary>KEYS: fence, manifest. ARGV: token, manifest.</summary>
    public static RedisScript Manifest { get; } = new(Fenced + "redis.call('SET', KEYS[2], ARGV[2]) return 1");

    private static string EachBucket(string command) =>
        $"""
        local at = 2
        for bucket = 2, #KEYS do
          local count = tonumber(ARGV[at])
          redis.call('{command}', KEYS[bucket], unpack(ARGV, at + 1, at + count))
          at = at + 1 + count
        end
        return 1
        """;
}
