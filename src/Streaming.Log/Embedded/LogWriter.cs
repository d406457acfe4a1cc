using System.Threading.Channels;

namespace Streaming.Log.Embedded;

/// <summary>
/// The one thread that writes: takes all requests that wait, writes them in one transaction, completes them. While a transaction runs the
/// next group gathers, so that groups grow with the load and a single append does not wait. When idle it checks for commits of other
/// processes.
/// </summary>
internal sealed class LogWriter : IDisposable
{
    private const int GroupMax = 1024;
    private static readonly TimeSpan s_lively = TimeSpan.FromMilliseconds(100);

    private readonly Channel<WriteRequest> _queue;
    private readonly EmbeddedLogSettings _settings;
    private readonly LogTransaction _transaction;
    private readonly LogDamage _damage;
    private readonly AutoResetEvent _wake = new(false);
    private readonly List<WriteRequest> _group = [];
    private readonly Thread _thread;

    // Other processes' commits are looked for more often while some arrived lately.
    private long _othersSeen = TimeProvider.System.GetTimestamp();
    private int _sleeping;

    public LogWriter(EmbeddedLogSettings settings, LogTransaction transaction, LogDamage damage)
    {
        _damage = damage;
        _settings = settings;
        _transaction = transaction;
        _queue = Channel.CreateBounded<WriteRequest>(new BoundedChannelOptions(settings.QueueLengthMax) { SingleReader = true });
        _thread = new Thread(Work) { IsBackground = true, Name = "log-write" };
        _thread.Start();
    }

    /// <summary>Queues a request and waits for its commit. Cancelling ends the wait, see <see cref="WriteRequest.Cancel"/>.</summary>
    public async Task<T> WriteAsync<T>(WriteRequest<T> request, CancellationToken cancellation)
    {
        try
        {
            await _queue.Writer.WriteAsync(request, cancellation);
        }
        catch (ChannelClosedException)
        {
            throw new ObjectDisposedException(nameof(EmbeddedEventLog));
        }

        WakeUp();
        await using var cancelled = cancellation.UnsafeRegister(static (waiting, token) => ((WriteRequest)waiting!).Cancel(token), request);
        return await request.Task;
    }

    /// <summary>Writes what is queued, then ends.</summary>
    public void Dispose()
    {
        _queue.Writer.TryComplete();
        _wake.Set();
        _thread.Join();
        _transaction.Dispose();
        _wake.Dispose();
    }

    private void Work()
    {
        while (true)
        {
            if (TakeGroup())
            {
                WriteGroup();
            }
            else if (_queue.Reader.Completion.IsCompleted)
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
        while (_group.Count < GroupMax && bytes < _settings.TransactionBytesMax && _queue.Reader.TryRead(out var request))
        {
            _group.Add(request);
            bytes += request.Bytes;
        }

        return _group.Count > 0;
    }

    private void WriteGroup()
    {
        try
        {
            if (_damage.Refusal is { } refusal)
            {
                throw refusal;
            }

            NoteOthers(_transaction.Begin());
            for (var i = 0; i < _group.Count; i++)
            {
                if (_group[i].TryApply(_transaction) is { } failure)
                {
                    _group[i].Fail(failure);
                    _group[i] = s_done;
                }
            }

            _transaction.Commit();
            _group.ForEach(static request => request.Succeed());
        }
        catch (Exception e)
        {
            Undo(e);
        }

        _group.Clear();
        if (!_damage.IsKnown)
        {
            _transaction.Checkpoint();
        }
    }

    /// <summary>An unexpected failure also goes to the callers, and the writer continues.</summary>
    private void Undo(Exception cause)
    {
        try
        {
            _transaction.Rollback();
        }
        catch (EventLogException e)
        {
            cause = new EventLogException($"{cause.Message} Undoing it failed too: {e.Message}", retriable: false, cause);
        }

        _group.ForEach(request => request.Fail(cause));
    }

    private void Sleep()
    {
        Interlocked.Exchange(ref _sleeping, 1);
        if (!_queue.Reader.TryPeek(out _) && !_queue.Reader.Completion.IsCompleted)
        {
            var lively = TimeProvider.System.GetElapsedTime(_othersSeen) < s_lively;
            _wake.WaitOne(lively ? _settings.PollInterval : _settings.PollIntervalIdle);
        }

        Interlocked.Exchange(ref _sleeping, 0);
        LookForOthers();
    }

    private void LookForOthers()
    {
        try
        {
            NoteOthers(_transaction.SeeOthers());
        }
        catch (EventLogException)
        {
            // The next append or read fails with it too, and has a caller.
            _othersSeen = 0;
        }
    }

    private void NoteOthers(bool wereThere)
    {
        if (wereThere)
        {
            _othersSeen = TimeProvider.System.GetTimestamp();
        }
    }

    private void WakeUp()
    {
        if (Interlocked.Exchange(ref _sleeping, 0) == 1)
        {
            _wake.Set();
        }
    }

    private static readonly WriteRequest s_done = new Failed();

    /// <summary>Holds the place of a request that was answered already.</summary>
    private sealed class Failed : WriteRequest
    {
        protected override Exception? Apply(LogTransaction transaction) => null;

        public override void Succeed()
        {
        }

        public override void Fail(Exception failure)
        {
        }

        protected override void EndWait(CancellationToken cancellation)
        {
        }
    }
}
