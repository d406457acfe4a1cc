using Streaming.Persistence.Conformance;

namespace Streaming.Engine.Tests;

/// <content>Snapshots that cannot be read.</content>
public sealed partial class CheckpointSpec
{
    [Fact]
    public async Task A_damaged_snapshot_is_rebuilt_from_the_log()
    {
        await using (var first = await StartAsync())
        {
            await first.Events.AppendAsync(Events.Random(5, 1000));
            await first.AppliedAsync(1000);
            await DurableAsync(first, 1000);
        }

        _store.Restore(_store.Copy().Damaged());
        await using var second = await StartAsync();
        await second.Events.AppendAsync(Events.Random(6, 1000));
        var naive = await second.NaiveAsync();
        var difference = "nothing was read";
        await Eventually.TrueAsync(
            "as the naive features", async () => (difference = await Difference(second, naive)) is null, () => difference);
        await second.AppliedAsync(2000);
    }

    /// <summary>
    /// A shard that is being rebuilt vouches for nothing in its slot either: a kill in the middle leaves no half entity under a manifest.
    /// </summary>
    [Fact]
    public async Task A_kill_while_a_damaged_snapshot_is_rebuilt_loses_nothing()
    {
        await using (var first = await StartAsync())
        {
            await first.Events.AppendAsync(Events.Random(18, 1000));
            await first.AppliedAsync(1000);
            await DurableAsync(first, 1000);
        }

        _store.Restore(_store.Copy().Damaged());
        var before = _store.Changes;
        var copies = new List<MemoryState>();
        await using (var second = await StartAsync())
        {
            await second.Events.AppendAsync(Events.Random(19, 400));
            await Eventually.TrueAsync(
                "rebuilt",
                () =>
                {
                    copies.Add(_store.Copy());
                    return second.Engine.IsCaughtUp && second.Engine.Partitions.Sum(partition => partition.RestartOffset) == 1400;
                },
                () => string.Join(Environment.NewLine, second.Engine.Partitions));
        }

        Assert.True(_store.Changes > before);
        for (var copy = 0; copy < copies.Count; copy += Math.Max(1, copies.Count / 6))
        {
            _store.Restore(copies[copy]);
            await using var after = await StartAsync();
            var naive = await after.NaiveAsync();
            var difference = "nothing was read";
            await Eventually.TrueAsync(
                "as the naive features", async () => (difference = await Difference(after, naive)) is null, () => $"{difference}, copy {copy}");
        }
    }
}
