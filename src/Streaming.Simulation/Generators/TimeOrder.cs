namespace Streaming.Simulation.Generators;

/// <summary>The order in which a day's rows happen.</summary>
internal static class TimeOrder
{
    /// <summary>The rows' indices by ascending time; those of one time stay in their order.</summary>
    /// <param name="rows">The rows.</param>
    /// <param name="millis">A row's time, in milliseconds since midnight.</param>
    public static int[] Of<T>(List<T> rows, Func<T, long> millis)
    {
        // The row number in the low bits makes the keys unique, so that an unstable sort has one outcome.
        var keys = new long[rows.Count];
        for (var i = 0; i < keys.Length; i++)
        {
            keys[i] = (millis(rows[i]) << 32) | (uint)i;
        }

        Array.Sort(keys);
        return Array.ConvertAll(keys, key => (int)(key & uint.MaxValue));
    }
}
