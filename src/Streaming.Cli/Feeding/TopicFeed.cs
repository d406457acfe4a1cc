using System.Collections.Immutable;
using Streaming.Cli.Shell;
using Streaming.Contracts.Registry;
using Streaming.Contracts.Schemas;
using Streaming.Features.Events;
using Streaming.Log;

namespace Streaming.Cli.Feeding;

/// <summary>
/// Appends events to one topic, in order: one batch is on its way to the log while the next is encoded. More on the way would let
/// batches of one partition overtake each other where the log splits them. Used by one caller at a time.
/// </summary>
internal sealed class TopicFeed
{
    private const int BatchRecords = 16_384;
    private readonly IEventLog _log;
    private readonly FedTopic _topic;
    private readonly EventEncoder _encoder;
    private RecordBatch _filling = new(BatchRecords, BatchRecords * 128);
    private RecordBatch _sending = new(BatchRecords, BatchRecords * 128);
    private Task _append = Task.CompletedTask;

    private TopicFeed(IEventLog log, FedTopic topic, int schemaId)
    {
        _log = log;
        _topic = topic;
        _encoder = new EventEncoder(topic, schemaId);
    }

    /// <summary>Events that are durable.</summary>
    public long Appended { get; private set; }

    /// <summary>Makes the topic where it is missing and registers its schema.</summary>
    /// <exception cref="CliFailure">The registry refuses the schema or does not answer.</exception>
    public static async Task<TopicFeed> OpenAsync(EventConnection connection, FedTopic topic, CancellationToken cancellation)
    {
        await connection.EnsureTopicAsync(topic.Name, topic.EventsOf, cancellation);
        var subject = EventSchemas.SubjectOf(topic.EventsOf);
        return await connection.Registry.RegisterAsync(subject, topic.Schema, cancellation) switch
        {
            RegistryResult<int>.Found found => new TopicFeed(connection.Log, topic, found.Value),
            RegistryResult<int>.Rejected refused => throw new CliFailure(ExitCode.Different, $"the registry refuses the schema of {subject}: {refused.Detail}"),
            RegistryResult<int>.Unavailable away => throw new CliFailure(ExitCode.Unreachable, $"the schema registry does not answer: {away.Reason}"),
            var other => throw new CliFailure(ExitCode.Failed, $"the registry answered {other} when {subject} was registered"),
        };
    }

    /// <summary>Appends rows; on return the last of them may still be on their way (see <see cref="FlushAsync"/>).</summary>
    /// <param name="events">Their columns; free for other use on return.</param>
    /// <param name="given">As in <see cref="EventEncoder.Bind"/>.</param>
    /// <param name="fromInclusive">The first row.</param>
    /// <param name="untilExclusive">The row after the last.</param>
    /// <param name="cancellation">Ends the waits.</param>
    /// <exception cref="EventFault">A row is no event; the rows before it are appended.</exception>
    public async Task AppendAsync(EventBatch events, ImmutableArray<bool> given, int fromInclusive, int untilExclusive, CancellationToken cancellation)
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

    /// <summary>Waits until everything is durable.</summary>
    public async Task FlushAsync()
    {
        await _append;
        Appended += _sending.Count;
        _sending.Clear();
    }

    private EventFault? Fill(int fromInclusive, int untilExclusive)
    {
        _filling.Clear();
        for (var row = fromInclusive; row < untilExclusive; row++)
        {
            if (_encoder.TryAdd(row, _filling) is var field and >= 0)
            {
                return new EventFault(row, _topic.Schema.Fields[field].Name);
            }
        }

        return null;
    }

    private async Task SendAsync(CancellationToken cancellation)
    {
        await FlushAsync();
        if (_filling.Count > 0)
        {
            (_filling, _sending) = (_sending, _filling);
            _append = _log.AppendAsync(_topic.Name, _sending, cancellation);
        }
    }
}

/// <summary>A row cannot be an event of its topic.</summary>
/// <param name="row">The row in its batch.</param>
/// <param name="field">The field whose value is missing or wrong.</param>
internal sealed class EventFault(int row, string field) : Exception($"row {row}: {field} has no value, or one that the event cannot take")
{
    /// <summary>The row in its batch.</summary>
    public int Row { get; } = row;

    /// <summary>The event's field.</summary>
    public string Field { get; } = field;
}
