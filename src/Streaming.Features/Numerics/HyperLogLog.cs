// Hot: used per read by approx_count_distinct where a window holds many events.
using System.Numerics;

namespace Streaming.Features.Numerics;

/// <summary>
/// HyperLogLog with 2^12 registers over 64-bit hashes (Flajolet et al. 2007), read with Ertl's improved raw estimator
/// ("New cardinality estimation algorithms for HyperLogLog sketches", 2017, algorithm 6), which needs no bias tables and no
/// switch to linear counting. Standard error 1.04 / sqrt(4096) = 1.6 %.
/// </summary>
internal static class HyperLogLog
{
    /// <summary>Registers, one byte each.</summary>
    public const int Registers = 1 << IndexBits;

    private const int IndexBits = 12;
    private const int MaxRank = 64 - IndexBits;
    private const double InverseTwoLn2 = 0.7213475204444817;

    /// <summary>Notes a hash.</summary>
    public static void Add(Span<byte> registers, ulong hash)
    {
        var index = (int)(hash >> MaxRank);
        var rank = (byte)(Math.Min(BitOperations.LeadingZeroCount(hash << IndexBits), MaxRank) + 1);
        if (registers[index] < rank)
        {
            registers[index] = rank;
        }
    }

    /// <summary>Merges another sketch into one: the estimate of the union.</summary>
    public static void Merge(Span<byte> registers, ReadOnlySpan<byte> other)
    {
        for (var i = 0; i < Registers; i++)
        {
            registers[i] = Math.Max(registers[i], other[i]);
        }
    }

    /// <summary>How many different hashes were noted, about.</summary>
    public static double Estimate(ReadOnlySpan<byte> registers)
    {
        Span<int> ranks = stackalloc int[MaxRank + 2];
        ranks.Clear();
        foreach (var rank in registers)
        {
            ranks[rank]++;
        }

        double m = Registers;
        var z = m * Tau(1 - (ranks[MaxRank + 1] / m));
        for (var k = MaxRank; k >= 1; k--)
        {
            z = 0.5 * (z + ranks[k]);
        }

        z += m * Sigma(ranks[0] / m);
        return InverseTwoLn2 * m * m / z;
    }

    private static double Sigma(double x)
    {
        if (x >= 1)
        {
            return double.PositiveInfinity;
        }

        var (y, z, previous) = (1.0, x, double.NaN);
        while (z != previous)
        {
            x *= x;
            previous = z;
            z += x * y;
            y += y;
        }

        return z;
    }

    private static double Tau(double x)
    {
        if (x is 0 or 1)
        {
            return 0;
        }

        var (y, z, previous) = (1.0, 1 - x, double.NaN);
        while (z != previous)
        {
            x = Math.Sqrt(x);
            previous = z;
            y *= 0.5;
            z -= (1 - x) * (1 - x) * y;
        }

        return z / 3;
    }
}
