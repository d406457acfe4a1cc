using System.Collections.Concurrent;

namespace Streaming.Log.Embedded;

/// <summary>Work for a reading thread; it reports its own failures and throws nothing.</summary>
internal interface IReadJob
{
    void Run(ReadSession session);

    void Abandon();
}

/// <summary>
/// The threads that read SQLite, whose calls block. The queue is bounded by its callers: a reader is queued at most once, and a query has a
/// caller that awaits it.
/// </summary>
internal sealed class ReadThreads : IDisposable
{
    private readonly BlockingCollection<IReadJob> _jobs = [];
    private readonly Thread[] _threads;
    private readonly ReadSession[] _sessions;

    public ReadThreads(EmbeddedLogSettings settings, LogDamage damage)
    {
        _sessions = new ReadSession[settings.ReaderThreads];
        _threads = new Thread[settings.ReaderThreads];
        for (var i = 0; i < _threads.Length; i++)
        {
            var session = _sessions[i] = new ReadSession(Database.Open(settings, damage), settings, damage);
            _threads[i] = new Thread(() => Work(session)) { IsBackground = true, Name = $"log-read-{i}" };
            _threads[i].Start();
        }
    }

    /// <summary>Hands a job to a thread; abandons it when the log is disposed.</summary>
    public void Enqueue(IReadJob job)
    {
        try
        {
            _jobs.Add(job);
        }
        catch (InvalidOperationException)
        {
            job.Abandon();
        }
    }

    public Task<T> QueryAsync<T>(Func<ReadSession, T> query, CancellationToken cancellation)
    {
        var job = new Query<T>(query);
        Enqueue(job);
        return job.Task.WaitAsync(cancellation);
    }

    public void Dispose()
    {
        _jobs.CompleteAdding();
        foreach (var thread in _threads)
        {
            thread.Join();
        }

        foreach (var session in _sessions)
        {
            session.Dispose();
        }

        _jobs.Dispose();
    }

    private void Work(ReadSession session)
    {
        foreach (var job in _jobs.GetConsumingEnumerable())
        {
            job.Run(session);
        }
    }

    private sealed class Query<T>(Func<ReadSession, T> query)
        : TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously), IReadJob
    {
        public void Run(ReadSession session)
        {
            try
            {
                SetResult(query(session));
            }
            catch (Exception e)
            {
                SetException(e);
            }
        }

        public void Abandon() => SetException(new ObjectDisposedException(nameof(EmbeddedEventLog)));
    }
}
