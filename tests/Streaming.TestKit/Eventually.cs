using System.Diagnostics;

namespace Streaming.TestKit;

/// <summary>Awaits conditions that others bring about, with a bound.</summary>
public static class Eventually
{
    private static readonly TimeSpan s_bound = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(5);

    public static Task TrueAsync(string what, Func<bool> condition, Func<string>? actual = null) => TrueAsync(what, () => Task.FromResult(condition()), actual);

    public static async Task TrueAsync(string what, Func<Task<bool>> condition, Func<string>? actual = null)
    {
        var clock = Stopwatch.StartNew();
        while (!await condition())
        {
            Assert.True(clock.Elapsed < s_bound, $"not within {s_bound}: {what}; actual: {actual?.Invoke() ?? "no"}");
            await Task.Delay(s_pause);
        }
    }
}
