using System.Collections.Immutable;
using Avro;
using Streaming.Contracts.Schemas;
using Streaming.Features.Events;

namespace Streaming.Ingest;

/// <summary>
/// A topic's events: their schema, and which of its fields are the record's key and timestamp. The schema says both, as the properties
/// <c>streaming.key</c> and <c>streaming.time</c>.
/// </summary>
/// <param name="Name">The topic.</param>
/// <param name="EventsOf">The topic whose schema its events have; its own, unless records wait in another topic before they belong
/// there.</param>
/// <param name="KeyField">The entity key that its records are partitioned by.</param>
/// <param name="TimeField">The event's time in the log. A label's is when it became known.</param>
public sealed record TopicContract(string Name, string EventsOf, string KeyField, string TimeField)
{
    /// <summary>Payments, by card.</summary>
    public static TopicContract Transactions { get; } = Of(EventSchemas.Transactions);

    /// <summary>The shop's clicks, by user.</summary>
    public static TopicContract Clicks { get; } = Of(EventSchemas.Clicks);

    /// <summary>What transactions turned out to be, by terminal.</summary>
    public static TopicContract Labels { get; } = Of(EventSchemas.Labels);

    /// <summary>Topics that take events from outside.</summary>
    public static ImmutableArray<TopicContract> All { get; } = [Transactions, Clicks, Labels];

    /// <summary>The schema that is written.</summary>
    public RecordSchema Schema => EventSchemas.ByTopic[EventsOf];

    /// <summary>The events' fields.</summary>
    public EventSource Source => EventSchemas.Sources[EventsOf];

    /// <summary>An empty batch of its events, with every field.</summary>
    public EventBatch NewBatch(int capacity) => new(Source, [], capacity);

    private static TopicContract Of(string topic)
    {
        var (key, time) = EventSchemas.RecordFieldsOf(topic);
        return new TopicContract(topic, topic, key, time);
    }
}
