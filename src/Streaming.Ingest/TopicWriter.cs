using System.Collections.Immutable;
using Streaming.Features.Events;
using Streaming.Log;

namespace Streaming.Ingest;

/// <summary>
/// Appends events to one topic, in order: one batch is on its way to the log while the next is encoded. With more in flight,
/// batches of one partition could overtake each other where the log splits them. Used by one caller at a time.
/// </summary>
public sealed class TopicWriter
{
    private const int BatchRecords = 16_384;
    private const int RecordsLookedAt = 1_000;
    private readonly IEventLog _log;
    private readonly TopicContract _topic;
    private readonly EventEncoder _encoder;
    private RecordBatch _filling = new();
    private RecordBatch _sending = new();
    private Task _append = Task.CompletedTask;

    private TopicWriter(IEventLog log, TopicContract topic, int schemaId)
    {
        _log = log;
        _topic = topic;
        _encoder = new EventEncoder(topic, schemaId);
    }

    /// <summary>Events that are durable.</summary>
    public long Appended { get; private set; }

    /// <summary>Makes the topic if it is missing and registers its schema.</summary>
    /// <exception cref="IngestException">The registry refuses the schema or does not answer.</exception>
    public static async Task<TopicWriter> OpenAsync(EventConnection connection, TopicContract topic, CancellationToken cancellation)
    {
        await connection.EnsureTopicAsync(topic.Name, topic.EventsOf, cancellation);
        return new TopicWriter(connection.Log, topic, await connection.Schemas.RequireAsync(topic.EventsOf, cancellation));
    }

    /// <summary>Appends rows; on return the last of them may still be on their way (see <see cref="FlushAsync"/>).</summary>
    /// <param name="events">Their columns; free for other use on return.</param>
    /// <param name="given">As in <see cref="Contracts.Codecs.ColumnEncoder.Bind"/>.</param>
    /// <param name="fromInclusive">The first row.</param>
    /// <param name="untilExclusive">The row after the last.</param>
    /// <param name="cancellation">Ends it after what is on its way.</param>
    /// <exception cref="RowFaultException">A row is not a valid event; the rows before it are appended.</exception>
    public async Task AppendAsync(
        EventBatch events, ImmutableArray<bool> given, int fromInclusive, int untilExclusive, CancellationToken cancellation)
    {
        _encoder.Bind(events, given);
        for (var row = fromInclusive; row < untilExclusive;)
        {
            var until = Math.Min(untilExclusive, row + BatchRecords);
            var fault = Fill(row, until);
            await SendAsync(cancellation);
            if (fault is not null)
            {
                await FlushAsync();
                throw fault;
            }

            row = until;
        }
    }

    /// <summary>
    /// Whether the topic has a row's event already, byte for byte. Cheap, and so not sure: it looks at the first records only from the
    /// row's timestamp on.
    /// </summary>
    /// <param name="events">Its columns.</param>
    /// <param name="given">As in <see cref="Contracts.Codecs.ColumnEncoder.Bind"/>.</param>
    /// <param name="row">The row.</param>
    /// <param name="cancellation">Ends the wait for the log.</param>
    public async Task<bool> HasAsync(EventBatch events, ImmutableArray<bool> given, int row, CancellationToken cancellation)
    {
        _encoder.Bind(events, given);
        var wanted = new RecordBatch();
        if (_encoder.TryAdd(row, wanted) >= 0 || await _log.DescribeTopicAsync(_topic.Name, cancellation) is not { } topic)
        {
            return false;
        }

        var partition = new TopicPartition(_topic.Name, Murmur2.Partition(wanted.Key(0), topic.Partitions));
        if (await _log.OffsetForTimestampAsync(partition, wanted.Timestamps[0], cancellation) is not { } offset
            || offset >= await _log.EndOffsetAsync(partition, cancellation))
        {
            return false;
        }

        await using var reader = _log.Read(partition, offset);
        var there = await reader.ReadAsync(RecordsLookedAt, cancellation);
        return Enumerable.Range(0, there.Count)
            .Any(at => there.Key(at).SequenceEqual(wanted.Key(0)) && there.Value(at).SequenceEqual(wanted.Value(0)));
    }

    /// <summary>Waits until everything is durable.</summary>
    public async Task FlushAsync()
    {
        await _append;
        Appended += _sending.Count;
        _sending.Clear();
    }

    private RowFaultException? Fill(int fromInclusive, int untilExclusive)
    {
        _filling.Clear();
        for (var row = fromInclusive; row < untilExclusive; row++)
        {
            if (_encoder.TryAdd(row, _filling) is var field and >= 0)
            {
                return new RowFaultException(row, _topic.Schema.Fields[field].Name);
            }
        }

        return null;
    }

    private async Task SendAsync(CancellationToken cancellation)
    {
        await FlushAsync();
        if (_filling.Count > 0)
        {
            cancellation.ThrowIfCancellationRequested();
            (_filling, _sending) = (_sending, _filling);
            // Awaits the batch in flight, so that it is known what is durable.
            _append = _log.AppendAsync(_topic.Name, _sending, CancellationToken.None);
        }
    }
}
