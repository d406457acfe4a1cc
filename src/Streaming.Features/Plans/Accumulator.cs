// Hot: called for each run of events that enters or leaves a window.
using System.Runtime.InteropServices;
using Streaming.Features.Numerics;

namespace Streaming.Features.Plans;

/// <summary>
/// A running total of one column over one window that can take away what it added without error, so that a window which slides
/// costs only the events that cross its edges. Totals live in words of the entity's state.
/// </summary>
internal abstract class Accumulator
{
    /// <summary>How many numbers are not absent; 1 word.</summary>
    public static readonly Accumulator Present = new PresentAccumulator();

    /// <summary>How many hashes are not absent; 1 word.</summary>
    public static readonly Accumulator PresentHashes = new PresentHashesAccumulator();

    /// <summary>The exact sum of the numbers and how many there are; 3 words, see <see cref="FixedPoint"/>.</summary>
    public static readonly Accumulator Sum = new SumAccumulator();

    /// <summary>The exact sum of the numbers' squares; 4 words, see <see cref="WideInteger"/>.</summary>
    public static readonly Accumulator Squares = new SquaresAccumulator();

    private Accumulator(string name, int words)
    {
        Name = name;
        Words = words;
    }

    /// <summary>Its name in plans.</summary>
    public string Name { get; }

    /// <summary>Words of state.</summary>
    public int Words { get; }

    /// <summary>Adds all values of a number column to the total.</summary>
    public abstract void Add(Span<long> total, ReadOnlySpan<long> values);

    /// <summary>Takes all values of a number column from the total.</summary>
    public abstract void Subtract(Span<long> total, ReadOnlySpan<long> values);

    private sealed class PresentAccumulator() : Accumulator("present", 1)
    {
        public override void Add(Span<long> total, ReadOnlySpan<long> values) => total[0] += CountPresent(values);

        public override void Subtract(Span<long> total, ReadOnlySpan<long> values) => total[0] -= CountPresent(values);

        private static int CountPresent(ReadOnlySpan<long> values)
        {
            var count = 0;
            foreach (var value in values)
            {
                count += double.IsNaN(BitConverter.Int64BitsToDouble(value)) ? 0 : 1;
            }

            return count;
        }
    }

    private sealed class PresentHashesAccumulator() : Accumulator("present-hashes", 1)
    {
        public override void Add(Span<long> total, ReadOnlySpan<long> values) => total[0] += values.Length - values.Count(0L);

        public override void Subtract(Span<long> total, ReadOnlySpan<long> values) => total[0] -= values.Length - values.Count(0L);
    }

    private sealed class SumAccumulator() : Accumulator("sum", 3)
    {
        public override void Add(Span<long> total, ReadOnlySpan<long> values)
        {
            var sum = SumOf(values, out var present);
            FixedPoint.Store(FixedPoint.Load(total) + sum, total);
            total[2] += present;
        }

        public override void Subtract(Span<long> total, ReadOnlySpan<long> values)
        {
            var sum = SumOf(values, out var present);
            FixedPoint.Store(FixedPoint.Load(total) - sum, total);
            total[2] -= present;
        }

        private static Int128 SumOf(ReadOnlySpan<long> values, out int present)
        {
            Int128 sum = 0;
            present = 0;
            foreach (var bits in values)
            {
                var value = BitConverter.Int64BitsToDouble(bits);
                if (!double.IsNaN(value))
                {
                    sum += FixedPoint.FromDouble(value);
                    present++;
                }
            }

            return sum;
        }
    }

    private sealed class SquaresAccumulator() : Accumulator("squares", 4)
    {
        public override void Add(Span<long> total, ReadOnlySpan<long> values)
        {
            Span<ulong> square = stackalloc ulong[4];
            foreach (var bits in values)
            {
                if (TrySquare(bits, square))
                {
                    WideInteger.Add(MemoryMarshal.Cast<long, ulong>(total), square);
                }
            }
        }

        public override void Subtract(Span<long> total, ReadOnlySpan<long> values)
        {
            Span<ulong> square = stackalloc ulong[4];
            foreach (var bits in values)
            {
                if (TrySquare(bits, square))
                {
                    WideInteger.Subtract(MemoryMarshal.Cast<long, ulong>(total), square);
                }
            }
        }

        private static bool TrySquare(long bits, Span<ulong> square)
        {
            var value = BitConverter.Int64BitsToDouble(bits);
            if (double.IsNaN(value))
            {
                return false;
            }

            WideInteger.Square((UInt128)Int128.Abs(FixedPoint.FromDouble(value)), square);
            return true;
        }
    }
}
