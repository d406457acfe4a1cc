using StackExchange.Redis;
using Streaming.Persistence.Redis.Connection;

namespace Streaming.Persistence.Redis.Slots;

/// <summary>The slots on Redis 7 or later, or on Garnet: docs/persistence.md has the keys.</summary>
public sealed class RedisShardSlots : IShardSlots
{
    private readonly RedisConnection _connection;
    private readonly SlotKeys _keys;

    /// <param name="connection">The connection; the caller disposes it.</param>
    public RedisShardSlots(RedisConnection connection)
    {
        ArgumentNullException.ThrowIfNull(connection);
        _connection = connection;
        _keys = new(connection.Settings.KeyPrefix);
        Generations = new RedisGenerations(connection, _keys);
    }

    /// <inheritdoc/>
    public IGenerations Generations { get; }

    /// <inheritdoc/>
    public async Task<IShardSlot> TakeAsync(SlotAddress address, Guid owner, CancellationToken cancellation)
    {
        address.Validate();
        var database = _connection.Database;

        // Registered first: a slot that exists can always be found and deleted.
        Task<bool> Registering() => database.SetAddAsync(_keys.SlotsOf(address.Generation), address.ToString());
        await _connection.CallAsync(Registering, "registering", address, cancellation);
        Task<RedisResult> Taking() => SlotScripts.Take.RunAsync(
            database, [_keys.Fence(address), _keys.Manifest(address)], [owner.ToString("N")]);
        var taken = (RedisResult[])(await _connection.CallAsync(Taking, "taking", address, cancellation))!;
        if (!SlotFence.TryParse((string?)taken[0], out var fence))
        {
            throw new SlotStoreException(
                $"Redis {_connection.Where}: taking slot {address} was answered with \"{taken[0]}\", which is no fence.",
                retriable: false,
                null);
        }

        // Where there is no manifest Redis ends the answer after the token.
        return new RedisShardSlot(_connection, _keys, address, fence, Bytes(taken.Length > 1 ? (RedisValue)taken[1] : RedisValue.Null));
    }

    /// <inheritdoc/>
    public async Task<ReadOnlyMemory<byte>?> ReadAsync(SlotAddress address, string key, CancellationToken cancellation)
    {
        address.Validate();
        Task<RedisValue> Reading() => _connection.Database.HashGetAsync(_keys.Entities(address, SlotBatch.BucketOf(key)), key);
        return Bytes(await _connection.CallAsync(Reading, "reading a snapshot of", address, cancellation));
    }

    /// <inheritdoc/>
    public async Task<ReadOnlyMemory<byte>?> ReadManifestAsync(SlotAddress address, CancellationToken cancellation)
    {
        address.Validate();
        Task<RedisValue> Reading() => _connection.Database.StringGetAsync(_keys.Manifest(address));
        return Bytes(await _connection.CallAsync(Reading, "reading the manifest of", address, cancellation));
    }

    /// <summary>A value's bytes as they lie, or null for none: a plain null would become an empty memory.</summary>
    internal static ReadOnlyMemory<byte>? Bytes(RedisValue value) =>
        value.IsNull ? default(ReadOnlyMemory<byte>?) : (ReadOnlyMemory<byte>)value;
}
