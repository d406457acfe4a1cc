using System.Collections.Concurrent;
using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Text.Json;
using Streaming.Contracts.Codecs;
using Streaming.Contracts.Json;
using Streaming.Contracts.Registry;
using Streaming.Contracts.Wire;
using Streaming.Log;

namespace Streaming.Ingest;

/// <summary>
/// Validates JSON events against the newest schema of their topic and the engine's own rules, so that none is taken that is sure to
/// become a dead letter, and appends them to the event log as Avro.
/// </summary>
public sealed class LogEventIntake : IEventIntake
{
    private const int MaxFaults = 32;
    private readonly IEventLog _log;
    private readonly ShippedSchemas _schemas;
    private readonly TimeProvider _clock;
    private readonly IReadOnlyDictionary<string, IEventRules> _rules;
    private readonly ConcurrentDictionary<string, int> _partitions = [];
    private readonly FrozenDictionary<string, JsonTopic> _topics = TopicContract.All.ToFrozenDictionary(
        topic => topic.Name, topic => new JsonTopic(topic.KeyField, new JsonEventReader(topic.Schema)));

    /// <param name="log">Where events go; its topics exist.</param>
    /// <param name="schemas">Where their schemas are registered.</param>
    /// <param name="rules">By topic, what a node that reads the events would set aside.</param>
    /// <param name="clock">Gives records their timestamps.</param>
    public LogEventIntake(IEventLog log, ShippedSchemas schemas, IReadOnlyDictionary<string, IEventRules> rules, TimeProvider clock)
    {
        (_log, _schemas, _rules, _clock) = (log, schemas, rules, clock);
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

        if (await _schemas.RegisterAsync(topic, cancellation) is not RegistryResult<int>.Found { Value: var schemaId })
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
        JsonTopic topic, IReadOnlyList<ReadOnlyMemory<byte>> events, int schemaId, IEventRules? rules, RecordBatch records)
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

    private async ValueTask<int?> FindPartitionsAsync(string topic, CancellationToken cancellation)
    {
        if (_partitions.TryGetValue(topic, out var partitions))
        {
            return partitions;
        }

        var description = await _log.DescribeTopicAsync(topic, cancellation);
        return description is null ? null : _partitions[topic] = description.Partitions;
    }

    private sealed record JsonTopic(string KeyField, JsonEventReader Reader);
}
