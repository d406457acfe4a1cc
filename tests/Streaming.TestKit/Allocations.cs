namespace Streaming.TestKit;

/// <summary>Checks what code allocates on the thread that runs it.</summary>
public static class Allocations
{
    /// <summary>How often a pass runs: once before, and three times measured.</summary>
    public const int Runs = 4;

    /// <summary>Asserts that a pass allocates nothing. Runs it once before, so that what happens once has happened.</summary>
    /// <param name="pass">The code, on this thread, some hundred times over.</param>
    public static void AssertNone(Action pass)
    {
        pass();

        // A thread is given memory by 8 KB; while other tests collect, what is left of that is at times counted as allocated (one pass in some 2,500).
        var bytes = Enumerable.Range(1, Runs - 1).Select(_ => AllocatedBy(pass)).ToArray();
        Assert.True(bytes.Count(count => count == 0) >= Runs - 2, $"bytes allocated by pass: {string.Join(", ", bytes)}");
    }

    private static long AllocatedBy(Action pass)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        pass();
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }
}
