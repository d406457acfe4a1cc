using System.Collections.Concurrent;

namespace Streaming.Log.Embedded;

/// <summary>Work for a reading thread; it reports its own failures and throws nothing.</summary>
internal interface IReadJob
{
    void Run(ReadSession session);

    void Abandon();
}

/// <summary>
/// The few threads on which SQLite is read: its calls block, and the thread pool is others'. Bounded by who asks: a reader is queued
/// once at most, a query has one caller that awaits it.
/// </summary>
internal sealed class ReadThreads : IDisposable
{
    private readonly BlockingCollection<IReadJob> jobs = [];
    private readonly Thread[] threads;
    private readonly ReadSession[] sessions;

    public ReadThreads(EmbeddedLogSettings settings)
    {
        sessions = new ReadSession[settings.ReaderThreads];
        threads = new Thread[settings.ReaderThreads];
        for (var i = 0; i < threads.Length; i++)
        {
            var session = sessions[i] = new ReadSession(Database.Open(settings), settings);
            threads[i] = new Thread(() => Work(session)) { IsBackground = true, Name = $"log-read-{i}" };
            threads[i].Start();
        }
    }

    /// <summary>Hands a job to a thread; abandons it when the log is disposed.</summary>
    public void Enqueue(IReadJob job)
    {
        try
        {
            jobs.Add(job);
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
        jobs.CompleteAdding();
        foreach (var thread in threads)
        {
            thread.Join();
        }

        foreach (var session in sessions)
        {
            session.Dispose();
        }

        jobs.Dispose();
    }

    private void Work(ReadSession session)
    {
        foreach (var job in jobs.GetConsumingEnumerable())
        {
            job.Run(session);
        }
    }

    private sealed class Query<T>(Func<ReadSession, T> query) : TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously), IReadJob
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
