namespace Streaming.Benchmarks;

/// <summary>One thread that wakes everybody who waits about every 0.2 ms; the runtime's own timers are no finer than 1 ms.</summary>
internal static class ProbeClock
{
    private static readonly TimeSpan s_interval = TimeSpan.FromMicroseconds(200);
    private static TaskCompletionSource s_next = New();

    static ProbeClock() => new Thread(Run) { IsBackground = true, Name = "probe clock" }.Start();

    /// <summary>Ends at the next beat.</summary>
    public static Task NextAsync() => Volatile.Read(ref s_next).Task;

    private static void Run()
    {
        using var never = new ManualResetEventSlim();
        while (!never.Wait(s_interval))
        {
            Interlocked.Exchange(ref s_next, New()).SetResult();
        }
    }

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
