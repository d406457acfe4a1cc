using System.Diagnostics;

namespace Streaming.Node.Tests;

/// <summary>Awaits a condition with a bound.</summary>
internal static class Eventually
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    public static async Task HoldsAsync(Func<Task<bool>> condition, string what)
    {
        var started = Stopwatch.GetTimestamp();
        while (!await condition())
        {
            Assert.True(Stopwatch.GetElapsedTime(started) < Patience, $"after {Patience}: not {what}");
            await Task.Yield();
        }
    }
}
