using System.Collections.Concurrent;
using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Globalization;
using Streaming.Contracts.Codecs;
using Streaming.Contracts.Registry;
using Streaming.Contracts.Wire;
using Streaming.Log;

namespace Streaming.Ingest;

/// <summary>
/// Validates JSON events against the newest schema of their topic and the engine's own rules, so that no event is taken that would
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
        topic => topic.Name, topic => new JsonTopic(topic));

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
            return new IntakeResult.Unavailable($"The schema registry does not return the schema of {topic}; try again.");
        }

        if (await FindPartitionsAsync(topic, cancellation) is not { } partitions)
        {
            return new IntakeResult.Unavailable($"The event log has no topic {topic} yet; try again once the node has made it.");
        }

        var records = new RecordBatch(events.Count);
        var faults = Encode(_topics[topic], events, schemaId, _rules[topic], records);
        if (!faults.IsEmpty)
        {
            return new IntakeResult.Invalid(faults);
        }

        var placed = Enumerable.Range(0, records.Count)
            .Select(record => new AppendedEvent(Murmur2.Partition(records.Key(record), partitions)));
        ImmutableArray<AppendedEvent> appended = [.. placed];
        await _log.AppendAsync(topic, records, cancellation);
        return new IntakeResult.Appended(appended);
    }

    private ImmutableArray<string> Encode(
        JsonTopic topic, IReadOnlyList<ReadOnlyMemory<byte>> events, int schemaId, IEventRules rules, RecordBatch records)
    {
        var row = topic.Contract.NewBatch(1);
        row.Count = 1;
        var faults = ImmutableArray.CreateBuilder<string>();
        var now = _clock.GetUtcNow().ToUnixTimeMilliseconds();
        var value = new AvroBuffer();
        for (var i = 0; i < events.Count && faults.Count < MaxFaults; i++)
        {
            value.Clear();
            WireFormat.WriteHead(value, schemaId);
            var found = topic.Read(events[i].Span, value, row);
            if (found.IsEmpty && rules.Fault(row, 0, now) is { } refused)
            {
                found = [refused];
            }

            if (found.IsEmpty && RecordSize.Fault(row.Texts(topic.KeyField)[0].Length, value.Length, _log.RecordBytesMax) is { } tooLarge)
            {
                found = [tooLarge];
            }

            if (found.IsEmpty)
            {
                records.Add(-1, now, row.Texts(topic.KeyField)[0], value.Written);
            }

            var place = events.Count == 1 ? string.Empty : string.Create(CultureInfo.InvariantCulture, $"event {i + 1}: ");
            faults.AddRange(found.Select(fault => place + fault));
        }

        return faults.ToImmutable();
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
}
