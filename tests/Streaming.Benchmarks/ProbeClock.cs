using System.Runtime.InteropServices;

namespace Streaming.Benchmarks;

/// <summary>
/// One thread that wakes everybody who waits about every 0.2 ms. The runtime's own timers and waits are no finer than 1 ms, and one of less
/// returns at once, which would burn a core that the measured work needs; so the C library sleeps.
/// </summary>
internal static partial class ProbeClock
{
    private const uint IntervalMicros = 200;
    private static TaskCompletionSource s_next = New();

    static ProbeClock() => new Thread(Run) { IsBackground = true, Name = "probe clock" }.Start();

    /// <summary>Ends at the next beat.</summary>
    public static Task NextAsync() => Volatile.Read(ref s_next).Task;

    private static void Run()
    {
        while (SleepMicros(IntervalMicros) == 0)
        {
            Interlocked.Exchange(ref s_next, New()).SetResult();
        }
    }

    [LibraryImport("libc", EntryPoint = "usleep", SetLastError = true)]
    private static partial int SleepMicros(uint micros);

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
