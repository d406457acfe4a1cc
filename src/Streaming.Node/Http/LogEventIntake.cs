using System.Collections.Concurrent;
using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Text.Json;
using Streaming.Contracts.Codecs;
using Streaming.Contracts.Json;
using Streaming.Contracts.Registry;
using Streaming.Contracts.Schemas;
using Streaming.Contracts.Wire;
using Streaming.Engine.Sources;
using Streaming.Features.Plans;
using Streaming.Log;

namespace Streaming.Node.Http;

/// <summary>
/// Validates JSON events against the newest schema of their topic and the engine's own rules, so that none is taken that is sure to
/// become a dead letter, and appends them to the event log as Avro.
/// </summary>
public sealed class LogEventIntake : IEventIntake
{
    private const int MaxFaults = 32;
    private readonly IEventLog _log;
    private readonly ISchemaRegistry _registry;
    private readonly TimeProvider _clock;
    private readonly IReadOnlyDictionary<string, EventRules> _rules;
    private readonly ConcurrentDictionary<string, int> _schemaIds = [];
    private readonly ConcurrentDictionary<string, int> _partitions = [];
    private readonly FrozenDictionary<string, TopicWriter> _topics = new Dictionary<string, TopicWriter>
    {
        [EventSchemas.Transactions] = new("card_id", new JsonEventReader(EventSchemas.Transaction)),
        [EventSchemas.Clicks] = new("user_id", new JsonEventReader(EventSchemas.Click)),
        [EventSchemas.Labels] = new("terminal_id", new JsonEventReader(EventSchemas.Label)),
    }.ToFrozenDictionary();

    /// <param name="log">Where events go; its topics exist.</param>
    /// <param name="registry">Where their schemas are registered.</param>
    /// <param name="catalog">What the events feed, which decides what they must say.</param>
    /// <param name="futureTolerance">How far an event's time may be ahead of the clock: the engine's own.</param>
    /// <param name="clock">Gives records their timestamps.</param>
    public LogEventIntake(IEventLog log, ISchemaRegistry registry, FeatureCatalog catalog, TimeSpan futureTolerance, TimeProvider clock)
    {
        _rules = EventRules.For(catalog, futureTolerance);
        _log = log;
        _registry = registry;
        _clock = clock;
        Topics = [.. _topics.Keys.Order()];
    }

    /// <inheritdoc/>
    public ImmutableArray<string> Topics { get; }

    /// <inheritdoc/>
    public async Task<IntakeResult> AppendAsync(string topic, IReadOnlyList<ReadOnlyMemory<byte>> events, CancellationToken cancellation)
    {
        if (events.Count == 0)
        {
            return new IntakeResult.Appended([]);
        }

        if (await FindSchemaIdAsync(topic, cancellation) is not { } schemaId)
        {
            return new IntakeResult.Unavailable($"The schema registry does not give {topic} its schema; try again.");
        }

        if (await FindPartitionsAsync(topic, cancellation) is not { } partitions)
        {
            return new IntakeResult.Unavailable($"The event log has no topic {topic} yet; try again once the node has made it.");
        }

        var records = new RecordBatch(events.Count);
        var faults = Encode(_topics[topic], events, schemaId, _rules.GetValueOrDefault(topic), records);
        if (!faults.IsEmpty)
        {
            return new IntakeResult.Invalid(faults);
        }

        var placed = Enumerable.Range(0, records.Count).Select(record => new AppendedEvent(Murmur2.Partition(records.Key(record), partitions)));
        ImmutableArray<AppendedEvent> appended = [.. placed];
        await _log.AppendAsync(topic, records, cancellation);
        return new IntakeResult.Appended(appended);
    }

    private ImmutableArray<string> Encode(
        TopicWriter topic, IReadOnlyList<ReadOnlyMemory<byte>> events, int schemaId, EventRules? rules, RecordBatch records)
    {
        var row = rules?.NewRow();
        var faults = ImmutableArray.CreateBuilder<string>();
        var now = _clock.GetUtcNow().ToUnixTimeMilliseconds();
        var value = new AvroBuffer();
        for (var i = 0; i < events.Count && faults.Count < MaxFaults; i++)
        {
            value.Clear();
            WireFormat.WriteHead(value, schemaId);
            var place = events.Count == 1 ? string.Empty : FormattableString.Invariant($"event {i + 1}: ");
            if (!topic.Reader.TryRead(events[i].Span, value, out var found))
            {
                faults.AddRange(found.Select(fault => $"{place}{fault}"));
            }
            else if (rules?.Fault(value.Array, WireFormat.HeadBytes, value.Length - WireFormat.HeadBytes, row!, now) is { } fault)
            {
                faults.Add(place + fault);
            }
            else
            {
                records.Add(-1, now, KeyOf(events[i].Span, topic.KeyField), value.Written);
            }
        }

        return faults.ToImmutable();
    }

    /// <summary>The key field of an event that is known to be right.</summary>
    private static byte[] KeyOf(ReadOnlySpan<byte> json, string field)
    {
        var reader = new Utf8JsonReader(json);
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isKey = reader.ValueTextEquals(field);
            reader.Read();
            if (isKey)
            {
                var key = new byte[reader.ValueSpan.Length];
                return key[..reader.CopyString(key)];
            }

            reader.Skip();
        }

        throw new InvalidOperationException($"a valid event has no {field}, which its topic is keyed by");
    }

    private async ValueTask<int?> FindSchemaIdAsync(string topic, CancellationToken cancellation)
    {
        if (_schemaIds.TryGetValue(topic, out var id))
        {
            return id;
        }

        var result = await _registry.RegisterAsync(EventSchemas.SubjectOf(topic), EventSchemas.ByTopic[topic], cancellation);
        return result is RegistryResult<int>.Found found ? _schemaIds[topic] = found.Value : null;
    }

    private async ValueTask<int?> FindPartitionsAsync(string topic, CancellationToken cancellation)
    {
        if (_partitions.TryGetValue(topic, out var partitions))
        {
            return partitions;
        }

        var description = await _log.DescribeTopicAsync(topic, cancellation);
        return description is null ? null : _partitions[topic] = description.Partitions;
    }

    private sealed record TopicWriter(string KeyField, JsonEventReader Reader);
}
