using System.Runtime.CompilerServices;
using StackExchange.Redis;
using Streaming.Persistence.Redis.Connection;

namespace Streaming.Persistence.Redis.Slots;

/// <summary>A slot that was taken, on Redis.</summary>
internal sealed class RedisShardSlot(
    RedisConnection connection, SlotKeys keys, SlotAddress address, SlotFence taken, ReadOnlyMemory<byte>? manifest) : IShardSlot
{
    private readonly IDatabase _database = connection.Database;
    private readonly RedisKey[] _fence = [keys.Fence(address)];
    private readonly RedisKey[] _buckets = keys.Entities(address);
    private readonly RedisKey[] _manifest = [keys.Fence(address), keys.Manifest(address)];
    private readonly SlotWrites _writes = new(address, taken);

    // The last script that the server has run for us: it knows it.
    private RedisScript? _known;

    /// <inheritdoc/>
    public SlotAddress Address => address;

    /// <inheritdoc/>
    public SlotToken Token => _writes.Acknowledged.Token;

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
        var (before, after) = _writes.Next();
        RedisValue[] arguments = [before.ToString(), after.ToString(), manifest];
        await SendAsync(SlotScripts.Manifest, _manifest, arguments, after, "writing the manifest of", cancellation);
    }

    /// <inheritdoc/>
    public async Task<ReadOnlyMemory<byte>?> LoadAsync(string key, CancellationToken cancellation)
    {
        RedisKey[] on = [_fence[0], _buckets[SlotBatch.BucketOf(key)]];
        var answer = await AskAsSelfAsync(SlotScripts.Load, on, [key], "loading a snapshot of", cancellation);
        return answer is [var snapshot, ..] ? RedisShardSlots.Bytes((RedisValue)snapshot) : null;
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

        // A failover meanwhile may have lost what was written before.
        await AskAsSelfAsync(SlotScripts.Check, _fence, [], "loading", cancellation);
    }

    /// <inheritdoc/>
    public async Task<bool> CheckAsync(CancellationToken cancellation)
    {
        try
        {
            await RenewIfUnclearAsync(cancellation);
            await AskAsSelfAsync(SlotScripts.Check, _fence, [], "checking", cancellation);
            return true;
        }
        catch (SlotFencedException)
        {
            return false;
        }
    }

    // Nearly always from the page that is there: no task, no timer.
    private async ValueTask<bool> HasNextAsync(IAsyncEnumerator<HashEntry> entries, CancellationToken cancellation)
    {
        var next = entries.MoveNextAsync();
        return next.IsCompletedSuccessfully ? await next : await connection.CallAsync(next.AsTask, "loading", address, cancellation);
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
            var (before, after) = _writes.Next();
            var arguments = sorted.Arguments(start, count, (before.ToString(), after.ToString()), entries.Span, withSnapshots);
            flight.Add(SendAsync(script, on, arguments, after, doing, cancellation));
            start += count;
            if (_known != script)
            {
                // Alone: a server that does not know the script has it sent again, and batches behind it would overtake it.
                await flight.EndAsync();
                _known = script;
            }
        }

        await flight.EndAsync();
    }

    private async Task SendAsync(
        RedisScript script, RedisKey[] on, RedisValue[] arguments, SlotFence after, string doing, CancellationToken cancellation)
    {
        RedisResult answer;
        try
        {
            answer = await connection.CallAsync(() => script.RunAsync(_database, on, arguments), doing, address, cancellation);
        }
        catch (Exception e) when (e is SlotStoreException or OperationCanceledException)
        {
            SetUnclear();
            throw;
        }

        if (answer.Resp2Type != ResultType.Integer)
        {
            SetUnclear();
            throw _writes.Refused((string?)answer);
        }

        _writes.Acknowledge(after);
    }

    private async Task RenewIfUnclearAsync(CancellationToken cancellation)
    {
        if (_writes.IsUnclear)
        {
            var answer = await AskAsSelfAsync(SlotScripts.Renew, _fence, [], "keeping", cancellation);
            _writes.Renew((string?)answer[0]);
        }
    }

    private void SetUnclear()
    {
        _known = null;
        _writes.SetUnclear();
    }

    // A script that the server runs only where the slot is ours and has all that we know to be written.
    private async Task<RedisResult[]> AskAsSelfAsync(
        RedisScript script, RedisKey[] on, RedisValue[] arguments, string doing, CancellationToken cancellation)
    {
        var known = _writes.Acknowledged;
        RedisValue[] all = [known.Token.Owner.ToString("N"), known.Token.Epoch, known.Writes, .. arguments];
        var answer = await connection.CallAsync(() => script.RunAsync(_database, on, all), doing, address, cancellation);
        return answer.Resp2Type == ResultType.Array ? (RedisResult[])answer! : throw _writes.Refused((string?)answer);
    }
}
