// Hot: called for each run of events that enters or leaves a window.
using Streaming.Features.Numerics;

namespace Streaming.Features.Layout;

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

    /// <summary>The exact sum of the numbers and how many there are; 5 words, see <see cref="ExactSum"/>.</summary>
    public static readonly Accumulator Sum = new SumAccumulator();

    /// <summary>The exact sum of the numbers' squares; 8 words, see <see cref="ExactSum"/>.</summary>
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

    private sealed class SumAccumulator() : Accumulator("sum", ExactSum.Words + 1)
    {
        public override void Add(Span<long> total, ReadOnlySpan<long> values)
        {
            foreach (var bits in values)
            {
                if (BitConverter.Int64BitsToDouble(bits) is var value && !double.IsNaN(value))
                {
                    ExactSum.Add(total[..ExactSum.Words], value);
                    total[ExactSum.Words]++;
                }
            }
        }

        public override void Subtract(Span<long> total, ReadOnlySpan<long> values)
        {
            foreach (var bits in values)
            {
                if (BitConverter.Int64BitsToDouble(bits) is var value && !double.IsNaN(value))
                {
                    ExactSum.Subtract(total[..ExactSum.Words], value);
                    total[ExactSum.Words]--;
                }
            }
        }
    }

    private sealed class SquaresAccumulator() : Accumulator("squares", ExactSum.SquareWords)
    {
        public override void Add(Span<long> total, ReadOnlySpan<long> values)
        {
            foreach (var bits in values)
            {
                ExactSum.AddSquare(total, BitConverter.Int64BitsToDouble(bits));
            }
        }

        public override void Subtract(Span<long> total, ReadOnlySpan<long> values)
        {
            foreach (var bits in values)
            {
                ExactSum.SubtractSquare(total, BitConverter.Int64BitsToDouble(bits));
            }
        }
    }
}
