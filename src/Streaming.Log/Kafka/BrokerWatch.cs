namespace Streaming.Log.Kafka;

/// <summary>
/// Notices that brokers which answered before are gone, sooner than a request's own bound: librdkafka's clients say when their last
/// connection broke, and a request that then gets no answer for a while has none to expect. The saying alone is no outage (idle
/// connections are closed, too); brokers that never answered are not gone but slow to start, and have the whole bound. Thread-safe.
/// </summary>
internal sealed class BrokerWatch
{
    /// <summary>How long a request waits for an answer once all brokers are said to be down: reconnecting takes half a second at the most.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    private volatile TaskCompletionSource _down = NewSignal();
    private volatile bool _answered;

    /// <summary>A client has no connection left.</summary>
    public void Down() => _down.TrySetResult();

    /// <summary>Waits for a call; false when the brokers are gone meanwhile. The call then goes on by itself, and its end is nobody's.</summary>
    public async Task<bool> AnswersAsync(Task call)
    {
        var asked = _down;
        if (_answered && await IsGoneFirstAsync(call, asked.Task))
        {
            _ = call.ContinueWith(static failed => failed.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default);
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

    private static async Task<bool> IsGoneFirstAsync(Task call, Task down)
    {
        using var end = new CancellationTokenSource();
        var gone = PatienceAsync(down, end.Token);
        var first = await Task.WhenAny(call, gone);
        await end.CancelAsync();
        return first == gone;
    }

    private static async Task PatienceAsync(Task down, CancellationToken end)
    {
        await down.WaitAsync(end);
        await Task.Delay(Patience, TimeProvider.System, end);
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
