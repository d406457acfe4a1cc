using Akka.Actor;
using Streaming.Engine.Checkpoints;
using Streaming.Persistence.Redis.Slots;

namespace Streaming.Engine.Sources;

/// <summary>
/// Commits the offsets of a source's partition, one commit at a time: one that overtook another would move the offset back. Each ends with
/// a message to the source, <see cref="SourceProtocol.Committed"/> or <see cref="SourceProtocol.CommitFailed"/>.
/// </summary>
internal sealed class SourceCommits(SourceOffsets offsets, PartitionInquiry inquiry, IActorRef source, CancellationToken life)
{
    private int _failures;

    /// <summary>Whether a commit is under way.</summary>
    public bool IsBusy { get; private set; }

    /// <summary>Begins a commit, unless one is under way.</summary>
    /// <param name="ledger">The source's ledger; null before its first run.</param>
    /// <param name="restart">The restart point; null for the log's beginning.</param>
    public void Begin(SourceLedger? ledger, PartitionMark? restart)
    {
        if (!IsBusy && ledger is not null)
        {
            IsBusy = true;
            offsets.CommitAsync(ledger, restart?.Offset, life).PipeTo(
                source, success: () => SourceProtocol.Committed.Instance, failure: Failure);
        }
    }

    /// <summary>The commit succeeded.</summary>
    public void Succeeded()
    {
        IsBusy = false;
        _failures = 0;
    }

    /// <summary>The commit failed; the result is whether the one before had failed too.</summary>
    public bool Failed()
    {
        IsBusy = false;
        return ++_failures >= 2;
    }

    /// <summary>The whole log is unavailable, which explains the failures until now.</summary>
    public void ForgetFailures() => _failures = 0;

    /// <summary>The source's last commit; none for a topic that was deleted and created again.</summary>
    public async Task LastAsync(SourceLedger? ledger, PartitionMark? restart)
    {
        if (ledger is not null && !(await inquiry.DescribeAsync(ledger.TopicIdentity, life)).IsRecreated)
        {
            await offsets.CommitAsync(ledger, restart?.Offset, life);
        }
    }

    // Another node reads the partition: this source ends, and with it the node.
    private static object Failure(Exception cause) =>
        cause.GetBaseException() is SlotFencedException taken ? new SourceProtocol.Fenced(taken) : new SourceProtocol.CommitFailed(cause);
}
