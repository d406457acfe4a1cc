using System.Runtime.CompilerServices;
using StackExchange.Redis;
using Streaming.Persistence.Redis.Connection;

namespace Streaming.Persistence.Redis.Slots;

/// <summary>A slot that was taken, on Redis.</summary>
internal sealed class RedisShardSlot(
    RedisConnection connection, SlotKeys keys, SlotAddress address, SlotToken token, ReadOnlyMemory<byte>? manifest) : IShardSlot
{
    private readonly IDatabase _database = connection.Database;
    private readonly RedisKey[] _fence = [keys.Fence(address)];
    private readonly RedisKey[] _entities = [keys.Fence(address), keys.Entities(address)];
    private readonly RedisKey[] _manifest = [keys.Fence(address), keys.Manifest(address)];
    private RedisValue _token = token.ToString();

    // A write whose end is not known may still happen: see IShardSlot.
    private bool _unclear;

    /// <inheritdoc/>
    public SlotAddress Address => address;

    /// <inheritdoc/>
    public SlotToken Token { get; private set; } = token;

    /// <inheritdoc/>
    public ReadOnlyMemory<byte>? Manifest => manifest;

    /// <inheritdoc/>
    public async Task WriteAsync(ReadOnlyMemory<SlotEntry> entries, CancellationToken cancellation)
    {
        await RenewIfUnclearAsync(cancellation);
        var flight = new BatchFlight(connection.Settings.BatchesInFlight);
        while (!entries.IsEmpty && await flight.HasRoomAsync())
        {
            var count = SlotBatch.CountOf(entries.Span, connection.Settings.BatchEntries, connection.Settings.BatchBytes);
            flight.Add(SendAsync(
                SlotScripts.Write, _entities, SlotBatch.Arguments(_token, entries.Span[..count]), "writing snapshots of", cancellation));
            entries = entries[count..];
        }

        await flight.EndAsync();
    }

    /// <inheritdoc/>
    public async Task DeleteAsync(ReadOnlyMemory<string> keys, CancellationToken cancellation)
    {
        await RenewIfUnclearAsync(cancellation);
        var flight = new BatchFlight(connection.Settings.BatchesInFlight);
        while (!keys.IsEmpty && await flight.HasRoomAsync())
        {
            var count = Math.Min(keys.Length, connection.Settings.BatchEntries);
            flight.Add(SendAsync(
                SlotScripts.Delete, _entities, SlotBatch.Arguments(_token, keys.Span[..count]), "deleting snapshots of", cancellation));
            keys = keys[count..];
        }

        await flight.EndAsync();
    }

    /// <inheritdoc/>
    public async Task WriteManifestAsync(ReadOnlyMemory<byte> manifest, CancellationToken cancellation)
    {
        await RenewIfUnclearAsync(cancellation);
        await SendAsync(SlotScripts.Manifest, _manifest, [_token, manifest], "writing the manifest of", cancellation);
    }

    /// <inheritdoc/>
    public async Task<ReadOnlyMemory<byte>?> LoadAsync(string key, CancellationToken cancellation)
    {
        var loading = _database.HashGetAsync(_entities[1], key);
        return RedisShardSlots.Bytes(await connection.AwaitAsync(loading, "loading a snapshot of", address, cancellation));
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<SlotEntry> LoadAllAsync([EnumeratorCancellation] CancellationToken cancellation)
    {
        var pages = _database.HashScanAsync(_entities[1], pageSize: connection.Settings.LoadPage);
        await using var entries = pages.GetAsyncEnumerator(cancellation);
        while (true)
        {
            // Nearly always from the page that is there: no task, no timer.
            var next = entries.MoveNextAsync();
            if (!(next.IsCompletedSuccessfully ? await next : await connection.AwaitAsync(next.AsTask(), "loading", address, cancellation)))
            {
                yield break;
            }

            yield return new((string)entries.Current.Name!, (ReadOnlyMemory<byte>)entries.Current.Value);
        }
    }

    /// <inheritdoc/>
    public async Task<bool> CheckAsync(CancellationToken cancellation)
    {
        try
        {
            await RenewIfUnclearAsync(cancellation);
        }
        catch (SlotFencedException)
        {
            return false;
        }

        return await connection.AwaitAsync(_database.StringGetAsync(_fence[0]), "checking", address, cancellation) == _token;
    }

    private async Task SendAsync(
        RedisScript script, RedisKey[] on, RedisValue[] arguments, string doing, CancellationToken cancellation)
    {
        RedisResult answer;
        try
        {
            answer = await connection.AwaitAsync(script.RunAsync(_database, on, arguments), doing, address, cancellation);
        }
        catch (Exception e) when (e is SlotStoreException or OperationCanceledException)
        {
            Volatile.Write(ref _unclear, true);
            throw;
        }

        if (answer.Resp2Type != ResultType.Integer)
        {
            throw Fenced((string?)answer);
        }
    }

    private async Task RenewIfUnclearAsync(CancellationToken cancellation)
    {
        if (!Volatile.Read(ref _unclear))
        {
            return;
        }

        var renewing = SlotScripts.Renew.RunAsync(_database, _fence, [Token.Owner.ToString("N"), Token.Epoch]);
        var answer = await connection.AwaitAsync(renewing, "keeping", address, cancellation);
        if (answer.Resp2Type != ResultType.Array || !SlotToken.TryParse((string?)((RedisResult[])answer!)[0], out var renewed))
        {
            throw Fenced((string?)answer);
        }

        Token = renewed;
        _token = renewed.ToString();
        Volatile.Write(ref _unclear, false);
    }

    private SlotFencedException Fenced(string? held) =>
        new(address, Token, SlotToken.TryParse(held, out var holder) ? holder : null);
}
