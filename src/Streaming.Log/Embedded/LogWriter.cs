using System.Threading.Channels;

namespace Streaming.Log.Embedded;

/// <summary>
/// The one thread that writes: takes all requests that wait, writes them in one transaction, completes them. While a transaction runs the
/// next group gathers, so that groups grow with the load and a lone append waits for nobody. When idle it looks for other processes' commits.
/// </summary>
internal sealed class LogWriter : IDisposable
{
    private const int GroupMax = 1024;
    private static readonly TimeSpan Lively = TimeSpan.FromMilliseconds(100);

    private readonly Channel<WriteRequest> queue;
    private readonly EmbeddedLogSettings settings;
    private readonly LogTransaction transaction;
    private readonly AutoResetEvent wake = new(false);
    private readonly List<WriteRequest> group = [];
    private readonly Thread thread;
    private long lastActive = TimeProvider.System.GetTimestamp();
    private int sleeping;

    public LogWriter(EmbeddedLogSettings settings, LogTransaction transaction)
    {
        this.settings = settings;
        this.transaction = transaction;
        queue = Channel.CreateBounded<WriteRequest>(new BoundedChannelOptions(settings.QueueLengthMax) { SingleReader = true });
        thread = new Thread(Work) { IsBackground = true, Name = "log-write" };
        thread.Start();
    }

    /// <summary>Queues a request and waits for its commit. Cancelling ends the wait for a place in the queue, not a request that has one.</summary>
    public async Task<T> WriteAsync<T>(WriteRequest<T> request, CancellationToken cancellation)
    {
        try
        {
            await queue.Writer.WriteAsync(request, cancellation);
        }
        catch (ChannelClosedException)
        {
            throw new ObjectDisposedException(nameof(EmbeddedEventLog));
        }

        WakeUp();
        return await request.Task;
    }

    /// <summary>Writes what is queued, then ends.</summary>
    public void Dispose()
    {
        queue.Writer.TryComplete();
        wake.Set();
        thread.Join();
        transaction.Dispose();
        wake.Dispose();
    }

    private void Work()
    {
        while (true)
        {
            if (TakeGroup())
            {
                WriteGroup();
            }
            else if (queue.Reader.Completion.IsCompleted)
            {
                return;
            }
            else
            {
                Sleep();
            }
        }
    }

    private bool TakeGroup()
    {
        long bytes = 0;
        while (group.Count < GroupMax && bytes < settings.TransactionBytesMax && queue.Reader.TryRead(out var request))
        {
            group.Add(request);
            bytes += request.Bytes;
        }

        return group.Count > 0;
    }

    private void WriteGroup()
    {
        try
        {
            transaction.Begin();
            for (var i = 0; i < group.Count; i++)
            {
                if (group[i].Apply(transaction) is { } failure)
                {
                    group[i].Fail(failure);
                    group[i] = Done;
                }
            }

            transaction.Commit();
            group.ForEach(static request => request.Succeed());
        }
        catch (Exception e)
        {
            Undo(e);
        }

        group.Clear();
        transaction.Checkpoint();
        lastActive = TimeProvider.System.GetTimestamp();
    }

    /// <summary>Also a failure that nobody expects goes to those who wait: the writer lives on.</summary>
    private void Undo(Exception cause)
    {
        try
        {
            transaction.Rollback();
        }
        catch (EventLogException e)
        {
            cause = new EventLogException($"{cause.Message} Undoing it failed too: {e.Message}", retriable: false, cause);
        }

        group.ForEach(request => request.Fail(cause));
    }

    private void Sleep()
    {
        Interlocked.Exchange(ref sleeping, 1);
        if (!queue.Reader.TryPeek(out _) && !queue.Reader.Completion.IsCompleted)
        {
            var lively = TimeProvider.System.GetElapsedTime(lastActive) < Lively;
            wake.WaitOne(lively ? settings.PollInterval : settings.PollIntervalIdle);
        }

        Interlocked.Exchange(ref sleeping, 0);
        LookForOthers();
    }

    private void LookForOthers()
    {
        try
        {
            if (transaction.SeeOthers())
            {
                lastActive = TimeProvider.System.GetTimestamp();
            }
        }
        catch (EventLogException)
        {
            // The next append or read meets the same failure and has a caller to tell.
            lastActive = 0;
        }
    }

    private void WakeUp()
    {
        if (Interlocked.Exchange(ref sleeping, 0) == 1)
        {
            wake.Set();
        }
    }

    private static readonly WriteRequest Done = new Failed();

    /// <summary>Holds the place of a request that was answered already.</summary>
    private sealed class Failed : WriteRequest
    {
        public override Exception? Apply(LogTransaction transaction) => null;

        public override void Succeed()
        {
        }

        public override void Fail(Exception failure)
        {
        }
    }
}
