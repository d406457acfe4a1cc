using Akka.Actor;

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
    /// <param name="nextOffset">The offset before which all is applied.</param>
    public void Begin(long nextOffset)
    {
        if (!IsBusy)
        {
            IsBusy = true;
            offsets.CommitAsync(nextOffset, life).PipeTo(
                source, success: () => SourceProtocol.Committed.Instance, failure: cause => new SourceProtocol.CommitFailed(cause));
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
    public async Task LastAsync(string topicIdentity, long nextOffset)
    {
        if (!(await inquiry.DescribeAsync(topicIdentity, life)).IsRecreated)
        {
            await offsets.CommitAsync(nextOffset, life);
        }
    }
}
