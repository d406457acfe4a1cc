using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;

namespace Streaming.Log.Kafka;

/// <summary>
/// A thread for a client whose calls block. It serves requests in order; those that arrive during a call form the next batch, so that
/// they wait together for a slow broker, not one after the other. Ends after a while without requests. Thread-safe.
/// </summary>
[SuppressMessage("Design", "CA1001", Justification = "The thread disposes the queue when it ends.")]
internal sealed class BatchThread<T>
{
    private readonly BlockingCollection<T> _queue;
    private readonly Lock _gate = new();
    private readonly Action<List<T>> _serve;
    private readonly Action _ended;
    private readonly TimeSpan _idle;
    private readonly Thread _thread;
    private long _busySince;
    private bool _closed;

    /// <param name="name">The thread's name.</param>
    /// <param name="requestsMax">Requests that may wait.</param>
    /// <param name="idle">After this time without a request it ends.</param>
    /// <param name="serve">Answers requests. Must not throw: an exception ends the process.</param>
    /// <param name="ended">Frees the client, on the same thread.</param>
    public BatchThread(string name, int requestsMax, TimeSpan idle, Action<List<T>> serve, Action ended)
    {
        (_idle, _serve, _ended) = (idle, serve, ended);
        _queue = new BlockingCollection<T>(requestsMax);
        _thread = new Thread(Work) { IsBackground = true, Name = name };
        _thread.Start();
    }

    /// <summary>How long the call that is under way has been; zero when there is none.</summary>
    public TimeSpan Busy =>
        Interlocked.Read(ref _busySince) is var since and not 0 ? TimeProvider.System.GetElapsedTime(since) : TimeSpan.Zero;

    /// <summary>Queues a request; false when too many wait or the thread ends.</summary>
    public bool TryAdd(T request)
    {
        lock (_gate)
        {
            return !_closed && _queue.TryAdd(request);
        }
    }

    /// <summary>Takes no more requests, and ends once those that wait are served.</summary>
    public void Close()
    {
        lock (_gate)
        {
            CloseOnce();
        }
    }

    /// <summary>Waits for the end; a call that still blocks then ends by its own bound, on a background thread.</summary>
    public void Join(TimeSpan bound) => _thread.Join(bound);

    private void Work()
    {
        var batch = new List<T>();
        while (!_queue.IsCompleted)
        {
            if (!_queue.TryTake(out var first, _idle))
            {
                CloseIfIdle();
                continue;
            }

            batch.Add(first);
            while (_queue.TryTake(out var next))
            {
                batch.Add(next);
            }

            Interlocked.Exchange(ref _busySince, TimeProvider.System.GetTimestamp());
            _serve(batch);
            Interlocked.Exchange(ref _busySince, 0);
            batch.Clear();
        }

        _ended();
        _queue.Dispose();
    }

    private void CloseIfIdle()
    {
        lock (_gate)
        {
            if (_queue.Count == 0)
            {
                CloseOnce();
            }
        }
    }

    // A thread that has ended has disposed its queue.
    private void CloseOnce()
    {
        if (!_closed)
        {
            _closed = true;
            _queue.CompleteAdding();
        }
    }
}
