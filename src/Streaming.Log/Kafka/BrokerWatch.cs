using Confluent.Kafka;

namespace Streaming.Log.Kafka;

/// <summary>
/// Notices that all brokers are gone, or refuse this client, before a request times out. A client reports when it has lost its last
/// connection; this alone is no outage, since idle connections are closed too, but a request that then gets no answer for
/// <see cref="DownTimeout"/> will get none. Brokers that have never answered may be starting, so requests wait for them until they time
/// out, unless a broker refused the credentials or the certificate and all others are down. Thread-safe.
/// </summary>
internal sealed class BrokerWatch
{
    /// <summary>How long a request waits once all brokers are reported down. Reconnecting takes at most half a second.</summary>
    public static readonly TimeSpan DownTimeout = TimeSpan.FromSeconds(2);

    private readonly TaskCompletionSource _refused = NewSignal();
    private volatile TaskCompletionSource _down = NewSignal();
    private volatile Error? _refusal;
    private volatile bool _answered;

    /// <summary>How a broker refused this client, if no broker has ever answered and all are down; otherwise null.</summary>
    public Error? Refusal => _refused.Task.IsCompleted && !_answered ? _refusal : null;

    /// <summary>Whether any broker has ever answered.</summary>
    public bool HasAnswered => _answered;

    /// <summary>A broker refuses this client. Another may accept it.</summary>
    public void Refused(Error refusal) => _refusal = refusal;

    /// <summary>A client has no connection left.</summary>
    public void Down()
    {
        _down.TrySetResult();
        if (_refusal is not null && !_answered)
        {
            _refused.TrySetResult();
        }
    }

    /// <summary>
    /// Waits for a call; false when the brokers are gone or refuse this client meanwhile. The call itself is not cancelled; its result is
    /// ignored.
    /// </summary>
    public async Task<bool> AnswersAsync(Task call)
    {
        var asked = _down;
        if (await IsFirstAsync(call, end => _answered ? GoneAsync(asked.Task, end) : RefusedAsync(end)))
        {
            _ = call.ContinueWith(
                static failed => failed.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default);
            return false;
        }

        await call;
        _answered = true;
        if (asked.Task.IsCompleted)
        {
            // The call began after the brokers were reported down, so one is back.
            Interlocked.CompareExchange(ref _down, NewSignal(), asked);
        }

        return true;
    }

    private static async Task<bool> IsFirstAsync(Task call, Func<CancellationToken, Task> wait)
    {
        using var end = new CancellationTokenSource();
        var lost = wait(end.Token);
        var first = await Task.WhenAny(call, lost);
        await end.CancelAsync();
        return first == lost;
    }

    /// <summary>A call that is under way ends at once. A later one waits a little: the brokers may accept this client by then.</summary>
    private Task RefusedAsync(CancellationToken end) =>
        _refused.Task.IsCompleted ? Task.Delay(DownTimeout, TimeProvider.System, end) : _refused.Task.WaitAsync(end);

    private static async Task GoneAsync(Task down, CancellationToken end)
    {
        await down.WaitAsync(end);
        await Task.Delay(DownTimeout, TimeProvider.System, end);
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
