using Akka.Event;
using Streaming.Contracts.Schemas;
using Streaming.Engine.Deliveries;

namespace Streaming.Engine.Sources;

/// <content>Dead letters: those that are written, and the events that become one because they made an entity fail.</content>
internal sealed partial class PartitionSourceActor
{
    private static readonly TimeSpan s_deadLetterLogInterval = TimeSpan.FromMinutes(1);

    private long _unloggedDeadLetters;
    private long? _deadLettersLoggedTicks;

    private void OnDeadLettersWritten(SourceProtocol.DeadLettersWritten written)
    {
        _ledger = _ledger.Written(written.UntilOffset, written.Poison);
        Post(_status with
        {
            DeadLettered = _status.DeadLettered + written.Count,
            Unexpected = _status.Unexpected + written.Unexpected,
        });
        if (written.Unexpected > 0)
        {
            _log.Error(
                "{0}: {1} events became dead letters for unexpected failures, the first {2}; please report it",
                _partition,
                written.Unexpected,
                written.First);
        }

        LogDeadLetters(written);
    }

    // At most a line a minute: a faulty producer must not fill the log.
    private void LogDeadLetters(SourceProtocol.DeadLettersWritten written)
    {
        _unloggedDeadLetters += written.Count;
        if (_deadLettersLoggedTicks is { } logged && _time.GetElapsedTime(logged) < s_deadLetterLogInterval)
        {
            return;
        }

        _log.Warning(
            "{0}: dead letters written to the topic {1}: {2}, the first of the last read {3}",
            _partition,
            EventSchemas.DeadLetters,
            _unloggedDeadLetters,
            written.First);
        (_unloggedDeadLetters, _deadLettersLoggedTicks) = (0, _time.GetTimestamp());
    }

    // Deliveries of a run that was given up may fail too; the event would fail again in the next run.
    private void OnFailed(DeliveryFailed failed)
    {
        _log.Error(
            failed.Cause,
            "{0}: the event at offset {1} made {2} fail; it becomes a dead letter",
            _partition,
            failed.Offset,
            failed.Entity);
        var cause = $"{failed.Entity}: {failed.Cause.GetType().Name}: {failed.Cause.Message}";
        _ledger = _ledger.Failed(failed.Offset, _plan.Feeds.IndexOf(failed.Feed), cause);
        EndRun($"the event at offset {failed.Offset} made {failed.Entity} fail");
    }
}
