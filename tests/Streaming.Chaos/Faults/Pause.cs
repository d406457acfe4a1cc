namespace Streaming.Chaos.Faults;

/// <summary>How long faults last: drawn, since any moment may be the one.</summary>
internal static class Pause
{
    /// <summary>Lets time pass.</summary>
    public static Task ForAsync(Random random, int leastMillis, int mostMillis) => Task.Delay(random.Next(leastMillis, mostMillis + 1));
}
