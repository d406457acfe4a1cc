using System.Collections.Immutable;
using Streaming.Contracts.Events;
using Streaming.Engine.Sources;
using Streaming.Log;

namespace Streaming.Engine.Tests;

/// <summary>Unexpected failures while one record or its schema is handled.</summary>
public sealed class UnexpectedSpec : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_schema_that_causes_an_unexpected_failure_makes_dead_letters_and_the_stream_continues()
    {
        using var lines = new CapturedLog();
        await using var harness = await SourceHarness.CreateAsync(_folder, SourceHarness.Quick, lines: lines);
        harness.Registry.AnswerOf = id => id == 77 ? throw new InvalidCastException("no such luck") : null;
        var value = harness.Events.Bytes(Events.Transaction("c", Events.Start));
        await harness.Events.AppendRawAsync([0, 0, 0, 0, 77, .. value[5..]]);
        await harness.Events.AppendRawAsync(value);
        harness.Start();
        await harness.CaughtUpAsync();

        var letter = Assert.Single(await harness.DeadLettersAsync());
        Assert.Equal(
            (DeadLetterReason.Unexpected, 0L, "schema 77: InvalidCastException: no such luck"),
            (letter.Reason, letter.Offset, letter.Detail));
        Assert.Equal((1, 1, 1), (harness.First.Applied, harness.First.DeadLettered, harness.First.Unexpected));
        await Eventually.TrueAsync(
            "alarm",
            () => lines.Lines.Any(line =>
                line.Contains("no such luck", StringComparison.Ordinal)
                && line.Contains("please report it", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task An_unexpected_outage_of_the_registry_pauses_the_partition()
    {
        await using var harness = await SourceHarness.CreateAsync(_folder, SourceHarness.Quick);
        harness.Registry.AnswerOf = _ => throw new HttpRequestException("name or service not known");
        await harness.Events.AppendRawAsync(harness.Events.Bytes(Events.Transaction("c", Events.Start)));
        harness.Start();
        await Eventually.TrueAsync(
            "paused",
            () => harness.First.Reason?.Contains("name or service not known", StringComparison.Ordinal) == true);
        harness.Registry.AnswerOf = null;
        await harness.CaughtUpAsync();
        Assert.Empty(await harness.DeadLettersAsync());
    }

    [Fact]
    public async Task A_record_that_causes_an_unexpected_failure_is_skipped_by_all_feeds()
    {
        await using var harness = await SourceHarness.CreateAsync(_folder, SourceHarness.Quick);
        var schemas = harness.NewSchemas();
        Assert.Null(await schemas.LoadAsync(harness.Events.TransactionId, CancellationToken.None));
        var records = new RecordBatch();
        for (var offset = 0; offset < 3; offset++)
        {
            records.Add(offset, Events.Start, "k"u8, harness.Events.Bytes(Events.Transaction("c", Events.Start + offset)));
        }

        var decoder = new ReadDecoder(harness.Plan, 0, schemas, TimeProvider.System);
        decoder.BeginRun(ImmutableDictionary.Create<(long Offset, int Feed), string>(new FailsOn((1, 1))).Add((99, 0), "another"), 0, SettledEvents.None);
        var read = decoder.Decode(records, 3);

        var letter = Assert.Single(read.DeadLetters);
        Assert.Equal(
            (DeadLetterReason.Unexpected, 1L, "InvalidOperationException: bad luck"),
            (letter.Reason, letter.Offset, letter.Detail));
        Assert.Equal([0L, 2L], read.Batch.Offsets[..read.Batch.Count]);
        Assert.All(harness.Plan.Feeds, feed => Assert.Equal([0, 1], read.RowsOf(feed).ToArray()));
        Assert.Equal((2, Events.Start + 2), (read.Facts.Events, read.Facts.NewestEvent));
    }

    private sealed class FailsOn((long Offset, int Feed) key) : IEqualityComparer<(long Offset, int Feed)>
    {
        public bool Equals((long Offset, int Feed) x, (long Offset, int Feed) y) => x == y;

        public int GetHashCode((long Offset, int Feed) obj) =>
            obj == key ? throw new InvalidOperationException("bad luck") : obj.GetHashCode();
    }
}
