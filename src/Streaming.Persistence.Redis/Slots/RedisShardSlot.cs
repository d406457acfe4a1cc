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
    private readonly RedisKey[] _buckets = keys.Entities(address);
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
    public Task WriteAsync(ReadOnlyMemory<SlotEntry> entries, CancellationToken cancellation) =>
        FlushAsync(SlotScripts.Write, entries, withSnapshots: true, "writing snapshots of", cancellation);

    /// <inheritdoc/>
    public Task DeleteAsync(ReadOnlyMemory<string> keys, CancellationToken cancellation)
    {
        var entries = new SlotEntry[keys.Length];
        for (var i = 0; i < entries.Length; i++)
        {
            entries[i] = new(keys.Span[i], default);
        }

        return FlushAsync(SlotScripts.Delete, entries, withSnapshots: false, "deleting snapshots of", cancellation);
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
        var loading = _database.HashGetAsync(_buckets[SlotBatch.BucketOf(key)], key);
        return RedisShardSlots.Bytes(await connection.AwaitAsync(loading, "loading a snapshot of", address, cancellation));
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<SlotEntry> LoadAllAsync([EnumeratorCancellation] CancellationToken cancellation)
    {
        foreach (var bucket in _buckets)
        {
            var pages = _database.HashScanAsync(bucket, pageSize: connection.Settings.LoadPage);
            await using var entries = pages.GetAsyncEnumerator(cancellation);
            while (await HasNextAsync(entries, cancellation))
            {
                yield return new((string)entries.Current.Name!, (ReadOnlyMemory<byte>)entries.Current.Value);
            }
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

    // Nearly always from the page that is there: no task, no timer.
    private async ValueTask<bool> HasNextAsync(IAsyncEnumerator<HashEntry> entries, CancellationToken cancellation)
    {
        var next = entries.MoveNextAsync();
        return next.IsCompletedSuccessfully ? await next : await connection.AwaitAsync(next.AsTask(), "loading", address, cancellation);
    }

    private async Task FlushAsync(
        RedisScript script, ReadOnlyMemory<SlotEntry> entries, bool withSnapshots, string doing, CancellationToken cancellation)
    {
        await RenewIfUnclearAsync(cancellation);
        var settings = connection.Settings;
        var flight = new BatchFlight(settings.BatchesInFlight);
        var sorted = SlotBatch.Sort(entries.Span);
        for (var start = 0; start < entries.Length && await flight.HasRoomAsync();)
        {
            var count = sorted.CountFrom(start, entries.Span, settings.BatchEntries, settings.BatchBytes);
            var on = sorted.Keys(start, count, _fence[0], _buckets);
            var arguments = sorted.Arguments(start, count, _token, entries.Span, withSnapshots);
            flight.Add(SendAsync(script, on, arguments, doing, cancellation));
            start += count;
        }

        await flight.EndAsync();
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
