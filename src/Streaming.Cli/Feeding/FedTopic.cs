using System.Collections.Immutable;
using Avro;
using Streaming.Contracts.Schemas;
using Streaming.Features.Events;

namespace Streaming.Cli.Feeding;

/// <summary>A topic that this tool writes events to, and which of their fields are the record's key and timestamp.</summary>
/// <param name="Name">The topic.</param>
/// <param name="KeyField">The entity key that its records are partitioned by; the schema's documentation says the same.</param>
/// <param name="TimeField">The event's time in the log. A label's is when it became known.</param>
/// <param name="EventsOf">The topic whose events these are; its own for all but the labels that wait.</param>
internal sealed record FedTopic(string Name, string KeyField, string TimeField, string EventsOf)
{
    /// <summary>Payments, by card.</summary>
    public static readonly FedTopic Transactions = new(EventSchemas.Transactions, "card_id", "ts", EventSchemas.Transactions);

    /// <summary>The shop's clicks, by user.</summary>
    public static readonly FedTopic Clicks = new(EventSchemas.Clicks, "user_id", "ts", EventSchemas.Clicks);

    /// <summary>What transactions turned out to be, by terminal.</summary>
    public static readonly FedTopic Labels = new(EventSchemas.Labels, "terminal_id", "labelled_at", EventSchemas.Labels);

    /// <summary>
    /// Labels of simulated transactions that are not known yet, by the transaction's time: brokers refuse records from the future.
    /// </summary>
    public static readonly FedTopic LabelsPending = new("labels-pending", "terminal_id", "transaction_ts", EventSchemas.Labels);

    /// <summary>Those that a history may be written to.</summary>
    public static readonly ImmutableArray<FedTopic> All = [Transactions, Clicks, Labels];

    /// <summary>The schema that is written.</summary>
    public RecordSchema Schema => EventSchemas.ByTopic[EventsOf];

    /// <summary>The events' fields.</summary>
    public EventSource Source => EventSchemas.Sources[EventsOf];

    /// <summary>Whether a field's values must be such as a node takes for a key. Those of every required text: all are ids, and views may be kept by any.</summary>
    public static bool IsKey(Field field) => field.Schema.Tag == Avro.Schema.Type.String;

    /// <summary>An empty batch of its events, with every field.</summary>
    public EventBatch NewBatch(int capacity) => new(Source, [], capacity);
}
