using System.Collections.Immutable;
using System.Reflection;
using System.Text;
using Microsoft.Extensions.Time.Testing;
using Streaming.Contracts.Registry;
using Streaming.Engine.Sources;
using Streaming.Log;
using Streaming.Log.Embedded;
using Streaming.Offline.Histories;
using Streaming.Offline.Parquet;

namespace Streaming.Ingest.Tests;

/// <summary>What a log does not take is refused at the door, before anything is written.</summary>
public sealed class RecordSizeSpec : IDisposable
{
    private const string Limit = "bytes, and the log takes at most 1,000 bytes (streaming.kafka.record-bytes-max;";
    private static readonly DateTimeOffset s_now = DateTimeOffset.FromUnixTimeMilliseconds(1_785_000_000_000);
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(600, true)]
    [InlineData(2_000, false)]
    public async Task A_row_whose_record_is_too_large_is_named_before_the_first_is_written(int length, bool isTaken)
    {
        var path = _folder["t.csv"];
        await File.WriteAllTextAsync(path, $"event_id,card_id,terminal_id,amount,ts,mcc\ne,c,t,1,1784000000000,m\nf,c,t,1,1784000000000,{new string('m', length)}\n");
        using var file = TableFile.Open(path);
        var ingest = new TableIngest(TopicContract.Transactions, ColumnMap.Empty, pace: null, new FakeTimeProvider(s_now), TimeSpan.Zero, recordBytesMax: 1_000);
        var refused = await Record.ExceptionAsync(() => ingest.CheckAsync(file, new LateRows(null), static _ => { }, CancellationToken.None));
        Assert.Equal(isTaken, refused is null);
        if (!isTaken)
        {
            Assert.StartsWith($"{path}: row 2: is a record of 2,1", refused!.Message, StringComparison.Ordinal);
            Assert.Contains(Limit, refused.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task An_event_whose_record_is_too_large_is_invalid()
    {
        await using var log = EmbeddedEventLog.Open(new EmbeddedLogSettings(_folder["log.db"]));
        await using var connection = new EventConnection(log, new EmbeddedSchemaRegistry(_folder.FullName), ImmutableSortedDictionary<string, int>.Empty) { SeedLeaseFile = _folder["seed.lock"] };
        await connection.EnsureTopicAsync("transactions", "transactions", CancellationToken.None);
        var small = DispatchProxy.Create<IEventLog, SmallLog>();
        ((SmallLog)(object)small).Inner = log;
        var intake = new LogEventIntake(small, connection.Schemas, EventRules.For(Samples.Catalog(), TimeSpan.Zero), new FakeTimeProvider(s_now));
        var json = $$"""{"event_id":"e","card_id":"c","terminal_id":"t","amount":1,"ts":1784000000000,"mcc":"{{new string('m', 2_000)}}"}""";
        var result = await intake.AppendAsync("transactions", [Encoding.UTF8.GetBytes(json)], CancellationToken.None);
        Assert.Contains(Limit, Assert.Single(Assert.IsType<IntakeResult.Invalid>(result).Faults), StringComparison.Ordinal);
        Assert.Equal(0, await log.EndOffsetAsync(new TopicPartition("transactions", 0), CancellationToken.None));
    }

    /// <summary>A log that takes no record above 1,000 bytes.</summary>
    public class SmallLog : DispatchProxy
    {
        public IEventLog Inner { get; set; } = null!;

        protected override object? Invoke(MethodInfo? targetMethod, object?[]? args) =>
            targetMethod!.Name == "get_RecordBytesMax" ? 1_000 : targetMethod.Invoke(Inner, args);
    }
}
