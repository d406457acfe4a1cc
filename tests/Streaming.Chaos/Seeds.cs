namespace Streaming.Chaos;

/// <summary>Makes random numbers of seeds: the same in each process, and unlike for seeds that follow each other.</summary>
internal static class Seeds
{
    /// <summary>The numbers of a seed.</summary>
    /// <param name="seed">The seed.</param>
    /// <param name="use">What for: each use has numbers of its own.</param>
    public static Random Of(int seed, string use)
    {
        var mixed = (uint)seed;
        foreach (var letter in use)
        {
            mixed = Mix(mixed ^ letter);
        }

        return new Random((int)Mix(mixed));
    }

    // A finalizer as hash functions have one: each bit of the input changes half of the output's.
    private static uint Mix(uint bits)
    {
        bits = (bits ^ (bits >> 16)) * 0x7FEB352Du;
        bits = (bits ^ (bits >> 15)) * 0x846CA68Bu;
        return bits ^ (bits >> 16);
    }
}
