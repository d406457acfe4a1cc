using Streaming.Contracts.Events;
using Streaming.Contracts.Registry;
using Streaming.Engine.Replays;
using Streaming.Features.Events;
using Streaming.Ingest;
using Streaming.Ingest.DeadLetters;
using Streaming.Log;
using Streaming.Log.Embedded;

namespace Streaming.Engine.Tests.Replays;

/// <summary>A log with dead letters, made without a node.</summary>
internal sealed class Letters : IAsyncDisposable
{
    private readonly EmbeddedSchemaRegistry _registry;
    private readonly DeadLetterWriter _writer;

    private Letters(EmbeddedEventLog log, EmbeddedSchemaRegistry registry, Events events)
    {
        (Log, _registry, Events) = (log, registry, events);
        _writer = new DeadLetterWriter(log, new ShippedSchemas(registry), TimeProvider.System);
    }

    public EmbeddedEventLog Log { get; }

    public Events Events { get; }

    public static async Task<Letters> CreateAsync(TempFolder folder)
    {
        var log = EmbeddedEventLog.Open(new EmbeddedLogSettings(folder["log.db"]));
        var registry = new EmbeddedSchemaRegistry(folder["registry"]);
        foreach (var (topic, partitions) in SourceHarness.Quick.Partitions)
        {
            await log.CreateTopicAsync(topic, partitions, CancellationToken.None);
        }

        var letters = new Letters(log, registry, await Events.CreateAsync(log, registry));
        await letters._writer.PrepareAsync(CancellationToken.None);
        return letters;
    }

    /// <summary>What a replay works on.</summary>
    public ReplayServices Services(IEventLog? log = null) => new(log ?? Log, _registry, TestFeatures.Catalog, SourceHarness.Quick, TimeProvider.System);

    /// <summary>A value that was ahead of its record's timestamp, and is ahead of the clock no more.</summary>
    public byte[] Future(string card) => Events.Bytes(Events.Transaction(card, Events.Start + Events.Day));

    /// <summary>Appends a record and its dead letter.</summary>
    public async Task<EventPlace> AddAsync(int partition, byte[]? value, string reason, long? timestamp = null, bool withValue = true)
    {
        var (place, at) = (new TopicPartition("transactions", partition), timestamp ?? Events.Start);
        var offset = await Log.EndOffsetAsync(place, CancellationToken.None);
        var records = new RecordBatch();
        records.Add(0, at, "k"u8, value, valueIsNull: value is null);
        await Log.AppendAsync(place, records, CancellationToken.None);
        await SetAsideAsync(new(place.Topic, partition, offset), value, reason, at, withValue);
        return new EventPlace(place.Topic, partition, offset);
    }

    /// <summary>Appends the dead letter of a record.</summary>
    public async Task SetAsideAsync(EventPlace place, byte[]? value, string reason, long at, bool withValue = true)
    {
        var letter = new DeadLetter
        {
            Id = DeadLetter.IdOf(place.Topic, place.Partition, place.Offset, reason),
            Reason = reason,
            Detail = "why",
            Topic = place.Topic,
            Partition = place.Partition,
            Offset = place.Offset,
            Timestamp = new EventTime(at),
            Key = withValue ? "k"u8.ToArray() : default(ReadOnlyMemory<byte>?),
            Value = withValue && value is not null ? value : default(ReadOnlyMemory<byte>?),
        };
        await _writer.AppendAsync([letter], CancellationToken.None);
    }

    /// <summary>Replays all.</summary>
    public async Task<List<ReplayedLetter>> ReplayAsync(ReplayFilter? filter = null, bool isDry = false, IEventLog? log = null)
    {
        var done = new List<ReplayedLetter>();
        await foreach (var letter in new DeadLetterReplay(Services(log)).RunAsync(filter ?? new ReplayFilter(null, null, null, null), isDry, CancellationToken.None))
        {
            done.Add(letter);
        }

        return done;
    }

    /// <summary>All values of a partition.</summary>
    public async Task<List<string>> ValuesAsync(int partition)
    {
        var place = new TopicPartition("transactions", partition);
        var (values, end) = (new List<string>(), await Log.EndOffsetAsync(place, CancellationToken.None));
        await using var reader = Log.Read(place, 0);
        while (reader.NextOffset < end)
        {
            var records = await reader.ReadAsync(100, CancellationToken.None);
            values.AddRange(Enumerable.Range(0, records.Count).Select(i => Convert.ToHexString(records.Value(i))));
        }

        return values;
    }

    public ValueTask DisposeAsync() => Log.DisposeAsync();
}
