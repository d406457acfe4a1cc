// Hot: judges every event.
using System.Collections.Immutable;
using Streaming.Contracts.Codecs;
using Streaming.Contracts.Events;
using Streaming.Contracts.Schemas;
using Streaming.Features.Events;
using Streaming.Features.Numerics;

namespace Streaming.Ingest;

/// <summary>
/// The rules for every event of a topic, however it arrives: ids that are not empty, times in the allowed range, numbers in range.
/// Immutable.
/// </summary>
public sealed class ContractRules
{
    private readonly EventSource _source;

    private readonly ImmutableArray<int> _numbers;

    private ContractRules(EventSource source, IEnumerable<int> fields, Func<int, bool> isId)
    {
        _source = source;
        Ids = [.. fields.Where(isId)];
        Times = [.. fields.Where(field => source.Fields[field].Type == FieldType.Time)];
        _numbers = [.. fields.Where(field => source.Fields[field].Type == FieldType.Number)];
    }

    /// <summary>The fields that hold ids: text that every event must have and that has no default.</summary>
    public ImmutableArray<int> Ids { get; }

    /// <summary>The fields that hold times.</summary>
    public ImmutableArray<int> Times { get; }

    /// <summary>The rules of a topic; of one that only nodes write to, none.</summary>
    public static ContractRules Of(string topic)
    {
        var source = EventSchemas.Sources[topic];
        var schema = EventSchemas.ByTopic[topic];
        var fields = TopicContract.All.Any(contract => contract.Name == topic) ? Enumerable.Range(0, source.Fields.Length) : [];
        return new ContractRules(source, fields, field => ColumnEncoder.IsId(schema[source.Fields[field].Name]));
    }

    /// <summary>Why the event is a dead letter; null when it is not.</summary>
    /// <param name="batch">Where the event lies; with <see cref="Ids"/> and <see cref="Times"/>. A number that nothing reads may be left
    /// out.</param>
    /// <param name="row">Its row.</param>
    /// <param name="latestMillis">The latest time that it may name: its record's timestamp and the tolerance.</param>
    /// <param name="detail">What is wrong with which field.</param>
    public string? Reject(EventBatch batch, int row, long latestMillis, out string detail) =>
        RejectId(batch, row, out detail) ?? RejectNumber(batch, row, out detail) ?? RejectTime(batch, row, latestMillis, out detail);

    private string? RejectId(EventBatch batch, int row, out string detail)
    {
        foreach (var field in Ids)
        {
            var id = batch.Texts(field)[row];
            if (EventLimits.Unseen(id) is { } unseen)
            {
                detail = $"field {_source.Fields[field].Name} has {unseen} in it; {EventLimits.IdRule}";
                return DeadLetterReason.BadKey;
            }

            if (id.Length is 0 or > EventLimits.KeyBytesMax)
            {
                var length = id.Length;
                detail = length == 0
                    ? $"field {_source.Fields[field].Name} is empty; {EventLimits.IdRule}"
                    : $"field {_source.Fields[field].Name} has {length} bytes; {EventLimits.IdRule}";
                return length == 0 ? DeadLetterReason.NoKey : DeadLetterReason.KeyTooLong;
            }
        }

        detail = string.Empty;
        return null;
    }

    private string? RejectNumber(EventBatch batch, int row, out string detail)
    {
        foreach (var field in _numbers)
        {
            if (batch[field] is NumberColumn { Values: var values }
                && !NumberRange.Contains(values[row])
                && !(double.IsNaN(values[row]) && _source.Fields[field].Nullable))
            {
                detail = $"field {_source.Fields[field].Name} is {values[row]:R}; {NumberRange.Rule}";
                return DeadLetterReason.OutOfRange;
            }
        }

        detail = string.Empty;
        return null;
    }

    private string? RejectTime(EventBatch batch, int row, long latestMillis, out string detail)
    {
        foreach (var field in Times)
        {
            var time = batch.Times(field)[row];
            if (time > latestMillis && EventLimits.IsEventTime(time))
            {
                detail = $"field {_source.Fields[field].Name} is {new EventTime(time)}; "
                    + $"its record and streaming.engine.future-tolerance allow {new EventTime(latestMillis)}";
                return DeadLetterReason.Future;
            }

            if (!EventLimits.IsEventTime(time) && !(time == TimeColumn.Null && _source.Fields[field].Nullable))
            {
                detail = $"field {_source.Fields[field].Name} is {EventLimits.TimeFault(time)}";
                return DeadLetterReason.OutOfRange;
            }
        }

        detail = string.Empty;
        return null;
    }
}
