using System.Text;
using Microsoft.Extensions.Time.Testing;
using Streaming.Contracts.Registry;
using Streaming.Engine.Checkpoints;
using Streaming.Engine.Replays;
using Streaming.Ingest;
using Streaming.Log;
using Streaming.Persistence.Conformance;

namespace Streaming.Engine.Tests.Replays;

/// <summary>Which generations a replay begins, keeps and deletes.</summary>
public sealed class ReplayGenerationsSpec : IDisposable
{
    private static readonly TimeSpan s_keep = TimeSpan.FromDays(1);
    private readonly TempFolder _folder = new();
    private readonly FakeTimeProvider _time = new(DateTimeOffset.UnixEpoch.AddYears(50));
    private readonly MemoryShardSlots _slots = new(new MemoryStore());

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_replaced_generation_is_kept_for_a_time_and_an_unfinished_one_is_not()
    {
        await using var letters = await Letters.CreateAsync(_folder);
        var generations = Of(letters);
        await AnswerAsync(1, """{"Shards":8,"Topics":{}}""");
        var second = await generations.BeginAsync(ReplayStart.Beginning, CancellationToken.None);
        await generations.SwitchAsync(1, second, CancellationToken.None);
        var unfinished = await generations.BeginAsync(ReplayStart.Beginning, CancellationToken.None);
        Assert.Equal((2, 3), (second, unfinished));
        Assert.Equal((1, _time.GetUtcNow() + s_keep), await generations.ReplacedAsync(CancellationToken.None));
        Assert.Equal([unfinished], await generations.CleanAsync(CancellationToken.None));
        _time.Advance(s_keep);
        Assert.Equal([1L], await generations.CleanAsync(CancellationToken.None));
        Assert.Null(await generations.ReplacedAsync(CancellationToken.None));
        Assert.Equal([second], await _slots.Generations.ListAsync(CancellationToken.None));
    }

    [Fact]
    public async Task What_no_replay_made_is_left_alone()
    {
        await using var letters = await Letters.CreateAsync(_folder);
        await AnswerAsync(4, """{"Shards":8,"Topics":{}}""");
        await _slots.Generations.CreateAsync(2, """{"Shards":8,"Topics":{}}"""u8.ToArray(), CancellationToken.None);
        await _slots.Generations.CreateAsync(3, "of another build"u8.ToArray(), CancellationToken.None);
        Assert.Empty(await Of(letters).CleanAsync(CancellationToken.None));
    }

    [Fact]
    public async Task A_generation_begins_at_a_place_and_elsewhere_at_its_timestamp()
    {
        await using var letters = await Letters.CreateAsync(_folder);
        await letters.Events.AppendAsync(Events.Random(31, 400));
        var partition = new TopicPartition("transactions", 2);
        var place = new EventPlace("transactions", 2, 40);
        var generation = await Of(letters).BeginAsync(new ReplayStart(null, place), CancellationToken.None);
        var record = GenerationRecord.Read((await _slots.Generations.RecordAsync(generation, CancellationToken.None))!.Value.Span);
        await using var reader = letters.Log.Read(partition, 40);
        var timestamp = (await reader.ReadAsync(1, CancellationToken.None)).Timestamps[0];
        Assert.Equal(40, record.BeginsAt(partition));
        for (var other = 0; other < 4; other++)
        {
            var at = new TopicPartition("transactions", other);
            var expected = await letters.Log.OffsetForTimestampAsync(at, timestamp, CancellationToken.None) ?? await letters.Log.EndOffsetAsync(at, CancellationToken.None);
            Assert.Equal(other == 2 ? 40 : expected, record.BeginsAt(at));
        }

        Assert.Equal(0, record.BeginsAt(new TopicPartition("transactions", 9)));
        await Assert.ThrowsAsync<ReplayException>(() => Of(letters).BeginAsync(new ReplayStart(null, place with { Offset = 4_000 }), CancellationToken.None));
    }

    [Fact]
    public async Task A_generation_without_events_is_refused()
    {
        await using var letters = await Letters.CreateAsync(_folder);
        await letters.Events.AppendAsync(Events.Random(32, 100));
        var newest = 0L;
        for (var partition = 0; partition < 4; partition++)
        {
            await using var reader = letters.Log.Read(new TopicPartition("transactions", partition), 0);
            var records = await reader.ReadAsync(100, CancellationToken.None);
            newest = Math.Max(newest, records.Timestamps[records.Count - 1]);
        }

        await Of(letters).BeginAsync(new ReplayStart(newest, null), CancellationToken.None);
        var refused = await Assert.ThrowsAsync<ReplayException>(
            () => Of(letters).BeginAsync(new ReplayStart(newest + 1, null), CancellationToken.None));
        Assert.StartsWith("the log has no event at or after ", refused.Message, StringComparison.Ordinal);
    }

    private async Task AnswerAsync(long generation, string record)
    {
        await _slots.Generations.CreateAsync(generation, Encoding.UTF8.GetBytes(record), CancellationToken.None);
        await _slots.Generations.SwitchAsync(null, generation, CancellationToken.None);
    }

    private ReplayGenerations Of(Letters letters) => new(
        _slots, new ReplayServices(letters.Log, new EmbeddedSchemaRegistry(_folder["registry"]), TestFeatures.Catalog, SourceHarness.Quick, _time), s_keep);
}
