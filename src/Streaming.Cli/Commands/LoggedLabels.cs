using Streaming.Contracts.Events;
using Streaming.Contracts.Schemas;
using Streaming.Ingest;

namespace Streaming.Cli.Commands;

/// <summary>What the log says of transactions today.</summary>
internal static class LoggedLabels
{
    /// <summary>The last word on each transaction, by its id.</summary>
    public static async Task<Dictionary<string, bool>> ReadAsync(EventConnection connection, CancellationToken cancellation)
    {
        var labels = new Dictionary<string, (bool IsFraud, long At)>();
        var reader = new TopicReader<Label>(connection.Log, connection.Registry, EventSchemas.Labels);
        await foreach (var label in reader.ReadAsync(0, cancellation))
        {
            if (!labels.TryGetValue(label.TransactionId, out var known) || label.LabelledAt.Millis >= known.At)
            {
                labels[label.TransactionId] = (label.Fraud, label.LabelledAt.Millis);
            }
        }

        return labels.ToDictionary(static label => label.Key, static label => label.Value.IsFraud);
    }
}
