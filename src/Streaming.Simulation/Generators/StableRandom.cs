using System.Numerics;

namespace Streaming.Simulation.Generators;

/// <summary>
/// Pseudo-random numbers that are the same on every machine and .NET version, because generated histories are compared by
/// checksum: xoshiro256** (Blackman and Vigna, "Scrambled linear pseudorandom number generators", 2018), seeded through
/// SplitMix64. Only operations that IEEE 754 defines to the last bit are used; the platform's log and exp are not among them.
/// </summary>
internal sealed class StableRandom
{
    private const double Ln2 = 0.693147180559945309417;
    private const double SqrtHalf = 0.707106781186547524400;
    private ulong _s0;
    private ulong _s1;
    private ulong _s2;
    private ulong _s3;
    private double _spare;
    private bool _hasSpare;

    /// <summary>An independent sequence for each (seed, stream, index), so that any day can be generated on its own.</summary>
    public StableRandom(ulong seed, StableStream stream, long index)
    {
        var state = Mix(seed) ^ Mix(((ulong)stream << 48) + (ulong)index);
        _s0 = Mix(state += 0x9E3779B97F4A7C15);
        _s1 = Mix(state += 0x9E3779B97F4A7C15);
        _s2 = Mix(state += 0x9E3779B97F4A7C15);
        _s3 = Mix(state + 0x9E3779B97F4A7C15);
    }

    /// <summary>64 random bits.</summary>
    public ulong NextBits()
    {
        var result = BitOperations.RotateLeft(_s1 * 5, 7) * 9;
        var t = _s1 << 17;
        _s2 ^= _s0;
        _s3 ^= _s1;
        _s1 ^= _s2;
        _s0 ^= _s3;
        _s2 ^= t;
        _s3 = BitOperations.RotateLeft(_s3, 45);
        return result;
    }

    /// <summary>Uniform in [0, 1), 53 bits.</summary>
    public double NextDouble() => (NextBits() >> 11) * (1.0 / (1UL << 53));

    /// <summary>Uniform in [low, high).</summary>
    public double Uniform(double low, double high) => low + ((high - low) * NextDouble());

    /// <summary>
    /// Uniform in 0 .. <paramref name="untilExclusive"/>-1 (Lemire's multiplication; its bias of 2^-64 n does not matter here).
    /// </summary>
    public int Below(int untilExclusive) => (int)Math.BigMul(NextBits(), (ulong)untilExclusive, out _);

    /// <summary>Exponential with mean 1.</summary>
    public double Exponential() => -Log(1 - NextDouble());

    /// <summary>Normal, by Marsaglia's polar method.</summary>
    public double Normal(double mean, double deviation)
    {
        if (_hasSpare)
        {
            _hasSpare = false;
            return mean + (deviation * _spare);
        }

        double x, y, square;
        do
        {
            x = Uniform(-1, 1);
            y = Uniform(-1, 1);
            square = (x * x) + (y * y);
        }
        while (square >= 1 || square == 0);

        var scale = Math.Sqrt(-2 * Log(square) / square);
        _spare = y * scale;
        _hasSpare = true;
        return mean + (deviation * (x * scale));
    }

    /// <summary>Poisson: how many arrivals with exponential gaps fit into <paramref name="mean"/>. Meant for small means.</summary>
    public int Poisson(double mean)
    {
        var count = 0;
        for (var at = Exponential(); at < mean; at += Exponential())
        {
            count++;
        }

        return count;
    }

    /// <summary>
    /// Natural logarithm of a positive normal number, within 1 unit in the last place or two, from exact operations alone.
    /// </summary>
    internal static double Log(double x)
    {
        var bits = BitConverter.DoubleToInt64Bits(x);
        var exponent = (int)(bits >> 52) - 1022;
        var mantissa = BitConverter.Int64BitsToDouble((bits & 0x000FFFFFFFFFFFFF) | 0x3FE0000000000000);
        if (mantissa < SqrtHalf)
        {
            mantissa *= 2;
            exponent--;
        }

        // ln m = 2 artanh s with s = (m-1)/(m+1), |s| < 0.172: eleven terms of the series reach the last bit.
        var s = (mantissa - 1) / (mantissa + 1);
        var z = s * s;
        var sum = 0.0;
        for (var k = 21; k >= 3; k -= 2)
        {
            sum = (sum + (1.0 / k)) * z;
        }

        return (exponent * Ln2) + (2 * s * (1 + sum));
    }

    private static ulong Mix(ulong z)
    {
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }
}
