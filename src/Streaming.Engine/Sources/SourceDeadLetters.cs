using Akka.Event;
using Streaming.Contracts.Schemas;
using Streaming.Engine.Checkpoints;
using Streaming.Engine.Deliveries;
using Streaming.Log;

namespace Streaming.Engine.Sources;

/// <summary>A source's dead letters: those that are written, those that an entity's failure makes due, and their log lines.</summary>
internal sealed class SourceDeadLetters(TopicPartition partition, SourcePlan plan, ILoggingAdapter log, TimeProvider time)
{
    private static readonly TimeSpan s_logInterval = TimeSpan.FromMinutes(1);

    private SourceLedger? _ledger;
    private long _unlogged;
    private long? _loggedTicks;

    /// <summary>What the next run begins with.</summary>
    public DeadLetterLedger Ledger { get; private set; } = DeadLetterLedger.Empty;

    /// <summary>Those that an earlier process knew.</summary>
    public void Restore(SourceLedger ledger)
    {
        _ledger = ledger;
        foreach (var poison in ledger.Poison)
        {
            Ledger = Ledger.Failed(poison.Offset, poison.Feed, poison.Cause);
        }

        var written = ledger.Poison.Where(static poison => poison.IsWritten).Select(static poison => poison.Offset);
        Ledger = Ledger.Written(ledger.JudgedOffset, written);
    }

    /// <summary>What a later process needs to know; null before the first run.</summary>
    /// <param name="judgedOffset">The offset before which all dead letters are written.</param>
    /// <param name="historyFrom">Where the history begins; null where windows lack nothing.</param>
    public SourceLedger? ToLedger(long judgedOffset, long? historyFrom) => _ledger is null ? null : _ledger with
    {
        JudgedOffset = Math.Max(_ledger.JudgedOffset, judgedOffset),
        HistoryFrom = historyFrom,
        Poison = [.. Ledger.Poison
            .Select(poison => new PoisonEvent(
                poison.Key.Offset, poison.Key.Feed, poison.Value, !Ledger.Unwritten.Contains(poison.Key.Offset)))
            .OrderByDescending(static poison => (poison.Offset, poison.Feed))
            .Take(SourceLedger.PoisonMax)],
    };

    /// <summary>Those of a read are written.</summary>
    public void Written(SourceProtocol.DeadLettersWritten written)
    {
        Ledger = Ledger.Written(written.UntilOffset, written.Poison);
        if (written.Unexpected > 0)
        {
            log.Error(
                "{0}: {1} events became dead letters for unexpected failures, the first {2}; please report it",
                partition,
                written.Unexpected,
                written.First);
        }

        // At most a line a minute: a faulty producer must not fill the log.
        _unlogged += written.Count;
        if (_loggedTicks is not { } logged || time.GetElapsedTime(logged) >= s_logInterval)
        {
            log.Warning(
                "{0}: dead letters written to the topic {1}: {2}, the first of the last read {3}",
                partition,
                EventSchemas.DeadLetters,
                _unlogged,
                written.First);
            (_unlogged, _loggedTicks) = (0, time.GetTimestamp());
        }
    }

    /// <summary>
    /// An event made an entity fail. Deliveries of a run that was given up may fail too; the event would fail again in the next run.
    /// </summary>
    public void Failed(DeliveryFailed failed)
    {
        const string Line = "{0}: the event at offset {1} made {2} fail; it becomes a dead letter: {3}";
        log.Error(Line, partition, failed.Offset, failed.Entity, failed.Cause);
        var cause = $"{failed.Entity}: {failed.Cause}";
        Ledger = Ledger.Failed(failed.Offset, plan.Feeds.IndexOf(failed.Feed), cause);
    }
}
