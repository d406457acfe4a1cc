using System.Text;
using Streaming.Persistence.Redis.Slots;

namespace Streaming.Persistence.Conformance;

/// <summary>Snapshots: written, loaded, deleted.</summary>
public abstract partial class ShardSlotsConformance
{
    [SkippableFact]
    public async Task A_snapshot_is_found_by_its_key_in_bulk_and_by_those_who_do_not_own_the_slot()
    {
        var slot = await TakeAsync();
        await slot.WriteAsync(Entries(("a", "1"), ("b", "2")), Bounded);
        Assert.Equal("1", Text(await slot.LoadAsync("a", Bounded)));
        Assert.Equal("2", Text(await Slots.ReadAsync(slot.Address, "b", Bounded)));
        Assert.Null(await Slots.ReadAsync(slot.Address, "c", Bounded));
        Assert.Equal([("a", "1"), ("b", "2")], await AllAsync(slot));
    }

    [SkippableFact]
    public async Task A_later_snapshot_takes_the_place_of_the_earlier_one()
    {
        var slot = await TakeAsync();
        await slot.WriteAsync(Entries(("a", "1"), ("b", "1")), Bounded);
        await slot.WriteAsync(Entries(("a", "22")), Bounded);
        Assert.Equal([("a", "22"), ("b", "1")], await AllAsync(slot));
    }

    [SkippableFact]
    public async Task Reads_beside_the_owners_writes_are_not_refused()
    {
        var slot = await TakeAsync();
        await slot.WriteAsync(Entries(("a", "1")), Bounded);
        using var written = new CancellationTokenSource();
        var reading = Task.Run(async () =>
        {
            while (!written.IsCancellationRequested)
            {
                Assert.NotNull(await slot.LoadAsync("a", Bounded));
            }
        });
        for (var write = 0; write < 2_000 && !reading.IsCompleted; write++)
        {
            await slot.WriteAsync(Entries(("a", "1")), Bounded);
        }

        await written.CancelAsync();
        await reading;
    }

    [SkippableFact]
    public async Task A_deleted_snapshot_is_gone_and_a_missing_one_is_no_mistake()
    {
        var slot = await TakeAsync();
        await slot.WriteAsync(Entries(("a", "1"), ("b", "2"), ("c", "3")), Bounded);
        await slot.DeleteAsync(Keys("a", "never", "c"), Bounded);
        Assert.Equal([("b", "2")], await AllAsync(slot));
        await slot.DeleteAsync(Keys("b"), Bounded);
        Assert.Empty(await AllAsync(slot));
    }

    [SkippableFact]
    public async Task Nothing_to_write_or_to_delete_is_no_mistake()
    {
        var slot = await TakeAsync();
        await slot.WriteAsync(Entries(), Bounded);
        await slot.DeleteAsync(Keys(), Bounded);
        Assert.Empty(await AllAsync(slot));
    }

    [SkippableFact]
    public async Task Keys_and_snapshots_are_any_text_and_any_bytes()
    {
        var slot = await TakeAsync();
        string[] keys = ["{a}", "a b", "a:b", "ключ", "", "\0\r\n", new('x', 5_000), "*", "💳"];
        var random = new Random(1);
        SlotEntry[] entries = [.. keys.Where(key => key.Length > 0).Select(key => new SlotEntry(key, Bytes(random, random.Next(0, 3))))];
        await slot.WriteAsync(entries, Bounded);
        var found = await BytesAsync(slot);
        Assert.Equal(entries.Length, found.Count);
        Assert.All(entries, entry => Assert.Equal(entry.Snapshot.ToArray(), found[entry.Key]));
        foreach (var entry in entries)
        {
            Assert.Equal(entry.Snapshot.ToArray(), (await slot.LoadAsync(entry.Key, Bounded))!.Value.ToArray());
        }
    }

    [SkippableTheory]
    [InlineData(5_000, 600)]
    [InlineData(300, 20_000)]
    [InlineData(3, 2_000_000)]
    public async Task A_flush_of_many_or_large_snapshots_is_found_whole(int count, int bytes)
    {
        var slot = await TakeAsync();
        var random = new Random(count);
        SlotEntry[] entries = [.. Enumerable.Range(0, count).Select(i => new SlotEntry($"key-{i}", Bytes(random, bytes)))];
        await slot.WriteAsync(entries, Bounded);
        var found = await BytesAsync(slot);
        Assert.Equal(count, found.Count);
        Assert.All(entries, entry => Assert.True(entry.Snapshot.Span.SequenceEqual(found[entry.Key])));
        await slot.DeleteAsync(entries.Select(entry => entry.Key).ToArray(), Bounded);
        Assert.Empty(await AllAsync(slot));
    }

    [SkippableFact]
    public async Task Slots_of_other_shards_and_generations_are_others()
    {
        var slot = await TakeAsync();
        await slot.WriteAsync(Entries(("a", "1")), Bounded);
        await slot.WriteManifestAsync("m"u8.ToArray(), Bounded);
        foreach (var other in new[] { await TakeAsync(shard: 1), await TakeAsync(generation: 8), await TakeAsync(shard: 11) })
        {
            Assert.Equal((1, false), (other.Token.Epoch, other.Manifest.HasValue));
            Assert.Empty(await AllAsync(other));
            await other.WriteAsync(Entries(("a", "2")), Bounded);
        }

        Assert.Equal([("a", "1")], await AllAsync(slot));
    }

    /// <summary>Compared with a dictionary; several owners, of whom the last may write.</summary>
    [SkippableTheory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task It_holds_what_a_dictionary_holds_after_any_sequence_of_calls(int seed)
    {
        var random = new Random(seed);
        var slot = await TakeAsync();
        var twin = new SortedDictionary<string, string>(StringComparer.Ordinal);
        for (var step = 0; step < 200; step++)
        {
            var keys = Enumerable.Range(0, random.Next(1, 40)).Select(_ => $"k{random.Next(60)}").Distinct().ToArray();
            switch (random.Next(10))
            {
                case < 6:
                    await slot.WriteAsync(Entries([.. keys.Select(key => (key, $"{step}"))]), Bounded);
                    Array.ForEach(keys, key => twin[key] = $"{step}");
                    break;
                case < 8:
                    await slot.DeleteAsync(keys, Bounded);
                    Array.ForEach(keys, key => twin.Remove(key));
                    break;
                case 8:
                    var zombie = slot;
                    slot = await TakeAsync();
                    await Assert.ThrowsAsync<SlotFencedException>(() => zombie.WriteAsync(Entries((keys[0], "zombie")), Bounded));
                    break;
                default:
                    Assert.Equal(twin.GetValueOrDefault(keys[0]), Text(await slot.LoadAsync(keys[0], Bounded)));
                    break;
            }
        }

        Assert.Equal(twin.Select(pair => (pair.Key, pair.Value)), await AllAsync(slot));
    }

    /// <summary>All snapshots as text, by key.</summary>
    protected static async Task<IEnumerable<(string Key, string Text)>> AllAsync(IShardSlot slot) =>
        (await BytesAsync(slot)).Select(pair => (pair.Key, Encoding.UTF8.GetString(pair.Value)));

    /// <summary>Snapshots to write.</summary>
    protected static SlotEntry[] Entries(params (string Key, string Text)[] entries) =>
        [.. entries.Select(entry => new SlotEntry(entry.Key, Encoding.UTF8.GetBytes(entry.Text)))];

    /// <summary>Keys to delete.</summary>
    protected static string[] Keys(params string[] keys) => keys;

    /// <summary>A snapshot as text.</summary>
    protected static string? Text(ReadOnlyMemory<byte>? bytes) => bytes is { } found ? Encoding.UTF8.GetString(found.Span) : null;

    private static async Task<SortedDictionary<string, byte[]>> BytesAsync(IShardSlot slot)
    {
        var all = new SortedDictionary<string, byte[]>(StringComparer.Ordinal);
        await foreach (var entry in slot.LoadAllAsync(Bounded))
        {
            all.Add(entry.Key, entry.Snapshot.ToArray());
        }

        return all;
    }

    private static byte[] Bytes(Random random, int count)
    {
        var bytes = new byte[count];
        random.NextBytes(bytes);
        return bytes;
    }
}
