using Confluent.Kafka;

namespace Streaming.Log.Kafka;

/// <summary>
/// Notices that brokers which answered before are gone, sooner than a request's own bound: librdkafka's clients say when their last
/// connection broke, and a request that then gets no answer for a while has none to expect. The saying alone is no outage (idle
/// connections are closed, too); brokers that never answered are not gone but slow to start, and have the whole bound, unless all that
/// there are are down and one refused the credentials: that does not pass by itself. Thread-safe.
/// </summary>
internal sealed class BrokerWatch
{
    /// <summary>
    /// How long a request waits for an answer once all brokers are said to be down: reconnecting takes half a second at the most.
    /// </summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    private readonly TaskCompletionSource _refused = NewSignal();
    private volatile TaskCompletionSource _down = NewSignal();
    private volatile Error? _refusal;
    private volatile bool _answered;

    /// <summary>How a broker refused the credentials, where no broker has ever answered and none is left to; otherwise null.</summary>
    public Error? Refusal => _refused.Task.IsCompleted && !_answered ? _refusal : null;

    /// <summary>Whether any broker has ever answered.</summary>
    public bool HasAnswered => _answered;

    /// <summary>A broker refuses the credentials; others may take them.</summary>
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
    /// Waits for a call; false when the brokers are gone or refuse this client meanwhile. The call then goes on by itself, and nobody
    /// waits for it.
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
            // An answer to what was asked after they were said to be down.
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

    /// <summary>At once where the call is under way when it happens; a call that is made later may find it mended.</summary>
    private Task RefusedAsync(CancellationToken end) =>
        _refused.Task.IsCompleted ? Task.Delay(Patience, TimeProvider.System, end) : _refused.Task.WaitAsync(end);

    private static async Task GoneAsync(Task down, CancellationToken end)
    {
        await down.WaitAsync(end);
        await Task.Delay(Patience, TimeProvider.System, end);
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
