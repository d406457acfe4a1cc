using System.Collections.Immutable;
using System.Numerics;

namespace Streaming.Offline.Training.Protocols;

/// <summary>Chooses the points of a parameter space that are tried.</summary>
internal static class ParameterDraw
{
    /// <summary>
    /// All points where there are no more than <paramref name="trials"/>, in the order of the space; else so many different ones by lot,
    /// the same for a seed.
    /// </summary>
    public static IEnumerable<ImmutableArray<KeyValuePair<string, double>>> Points(
        ImmutableArray<KeyValuePair<string, ImmutableArray<double>>> space, int trials, int seed)
    {
        var size = space.Aggregate(BigInteger.One, (product, parameter) => product * parameter.Value.Length);
        if (size <= trials)
        {
            return Enumerable.Range(0, (int)size).Select(index => PointAt(space, index));
        }

        var state = (ulong)seed;
        var drawn = new List<ImmutableArray<KeyValuePair<string, double>>>();
        var seen = new HashSet<string>();
        while (drawn.Count < trials)
        {
            var point = space.Select(parameter => KeyValuePair.Create(
                parameter.Key, parameter.Value[(int)(Next(ref state) % (ulong)parameter.Value.Length)])).ToImmutableArray();
            if (seen.Add(string.Join(' ', point)))
            {
                drawn.Add(point);
            }
        }

        return drawn;
    }

    private static ImmutableArray<KeyValuePair<string, double>> PointAt(
        ImmutableArray<KeyValuePair<string, ImmutableArray<double>>> space, int index)
    {
        var point = ImmutableArray.CreateBuilder<KeyValuePair<string, double>>(space.Length);
        foreach (var (name, values) in space)
        {
            point.Add(new(name, values[index % values.Length]));
            index /= values.Length;
        }

        return point.MoveToImmutable();
    }

    // SplitMix64 (Steele, Lea, Flood: Fast splittable pseudorandom number generators, 2014).
    private static ulong Next(ref ulong state)
    {
        var z = state += 0x9E3779B97F4A7C15;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }
}
