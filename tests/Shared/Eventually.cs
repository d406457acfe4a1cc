using System.Diagnostics;

namespace Streaming.Tests;

/// <summary>Awaits conditions that others bring about, with a bound. Compiled into every test assembly.</summary>
internal static class Eventually
{
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(5);

    public static Task TrueAsync(string what, Func<bool> condition, Func<string>? actual = null) => TrueAsync(what, () => Task.FromResult(condition()), actual);

    public static async Task TrueAsync(string what, Func<Task<bool>> condition, Func<string>? actual = null)
    {
        var clock = Stopwatch.StartNew();
        while (!await condition())
        {
            Assert.True(clock.Elapsed < Bound, $"not within {Bound}: {what}; actual: {actual?.Invoke() ?? "no"}");
            await Task.Delay(Pause);
        }
    }
}
