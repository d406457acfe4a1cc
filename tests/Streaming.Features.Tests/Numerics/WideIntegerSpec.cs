using System.Numerics;
using Streaming.Features.Numerics;

namespace Streaming.Features.Tests.Numerics;

public sealed class WideIntegerSpec
{
    private const int Seed = 1;

    private static readonly ulong[] s_edges = [0, 1, 2, 1UL << 63, ulong.MaxValue - 1, ulong.MaxValue];

    [Fact]
    public void Squares_and_products_are_those_of_big_integers()
    {
        Span<ulong> square = stackalloc ulong[8];
        Span<ulong> product = stackalloc ulong[5];
        var random = new Random(Seed);
        for (var i = 0; i < 2000; i++)
        {
            var (value, factor) = (Words(random, 4), Word(random));
            WideInteger.Square(value, square);
            WideInteger.Multiply(value, factor, product);
            Assert.Equal(BigInteger.Pow(Big(value), 2), Big(square));
            Assert.Equal(Big(value) * factor, Big(product));
        }
    }

    [Fact]
    public void Sums_and_differences_are_those_of_big_integers_modulo_their_width()
    {
        var random = new Random(Seed);
        foreach (var width in new[] { 2, 3, 4, 8 })
        {
            var modulus = BigInteger.One << (64 * width);
            var total = new ulong[width];
            var twin = BigInteger.Zero;
            for (var i = 0; i < 2000; i++)
            {
                var (low, middle, high) = (Word(random), Word(random), width > 2 ? Word(random) >> 1 : 0);
                var value = Big([low, middle, high]);
                if (random.Next(2) == 0)
                {
                    twin = (twin + value) % modulus;
                    WideInteger.Add(total, low, middle, high);
                }
                else
                {
                    twin = (twin - value + modulus) % modulus;
                    WideInteger.Subtract(total, low, middle, high);
                }

                Assert.True(twin == Big(total), $"seed {Seed}, width {width}, step {i}");
            }
        }
    }

    [Fact]
    public void Longer_differences_and_negation_are_those_of_big_integers()
    {
        var random = new Random(Seed);
        var modulus = BigInteger.One << 320;
        for (var i = 0; i < 2000; i++)
        {
            var (target, other) = (Words(random, 5), Words(random, 4));
            var expected = (Big(target) - Big(other) + modulus) % modulus;
            WideInteger.Subtract(target, other);
            Assert.Equal(expected, Big(target));
            WideInteger.Negate(target);
            Assert.Equal((modulus - expected) % modulus, Big(target));
        }
    }

    [Fact]
    public void Doubles_are_the_nearest()
    {
        var random = new Random(Seed);
        for (var i = 0; i < 4000; i++)
        {
            var value = Words(random, random.Next(1, 9));
            var divisor = random.Next(3) == 0 ? 1 : Math.Max(1, Word(random) >> random.Next(1, 64));
            var expected = Rational.Nearest(Big(value) << 1000, divisor);
            Assert.True(expected.Equals(WideInteger.Divide(value, divisor, -200)), $"seed {Seed}: {Big(value)} / {divisor}");
        }
    }

    private static ulong[] Words(Random random, int count) => [.. Enumerable.Range(0, count).Select(_ => Word(random))];

    private static ulong Word(Random random) =>
        random.Next(3) == 0 ? s_edges[random.Next(s_edges.Length)] : (ulong)random.NextInt64(long.MinValue, long.MaxValue) >> random.Next(64);

    private static BigInteger Big(ReadOnlySpan<ulong> limbs)
    {
        var result = BigInteger.Zero;
        for (var i = limbs.Length - 1; i >= 0; i--)
        {
            result = (result << 64) + limbs[i];
        }

        return result;
    }
}
