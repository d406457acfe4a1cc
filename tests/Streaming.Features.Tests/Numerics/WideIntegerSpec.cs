using System.Numerics;
using Streaming.Features.Numerics;

namespace Streaming.Features.Tests.Numerics;

public class WideIntegerSpec
{
    private const int Seed = 1;

    private static readonly UInt128[] s_edges = [0, 1, ulong.MaxValue, (UInt128)ulong.MaxValue + 1, UInt128.MaxValue, UInt128.MaxValue - 1, UInt128.One << 127];

    [Fact]
    public void Squares_are_those_of_big_integers()
    {
        Span<ulong> square = stackalloc ulong[4];
        foreach (var value in Values(2000))
        {
            WideInteger.Square(value, square);
            Assert.Equal((BigInteger)value * value, Big(square));
        }
    }

    [Fact]
    public void Sums_and_differences_are_those_of_big_integers_modulo_their_width()
    {
        var modulus = BigInteger.One << 256;
        Span<ulong> total = stackalloc ulong[4];
        Span<ulong> square = stackalloc ulong[4];
        total.Clear();
        var twin = BigInteger.Zero;
        var random = new Random(Seed);
        foreach (var value in Values(4000))
        {
            WideInteger.Square(value, square);
            var adds = random.Next(3) > 0;
            twin = (twin + (adds ? Big(square) : modulus - Big(square))) % modulus;
            if (adds)
            {
                WideInteger.Add(total, square);
            }
            else
            {
                WideInteger.Subtract(total, square);
            }

            Assert.True(twin == Big(total), $"seed {Seed}: {(adds ? "plus" : "minus")} {value} squared");
        }
    }

    [Fact]
    public void A_shorter_operand_is_carried_through_every_limb()
    {
        ulong[] target = [ulong.MaxValue, ulong.MaxValue, 7];
        WideInteger.Add(target, [1]);
        Assert.Equal([0UL, 0UL, 8UL], target);
        WideInteger.Subtract(target, [1]);
        Assert.Equal([ulong.MaxValue, ulong.MaxValue, 7UL], target);
    }

    [Fact]
    public void Products_with_a_small_factor_are_those_of_big_integers()
    {
        Span<ulong> square = stackalloc ulong[4];
        Span<ulong> product = stackalloc ulong[5];
        foreach (var value in Values(500))
        {
            foreach (var factor in new ulong[] { 0, 1, 2, 12345, ulong.MaxValue })
            {
                WideInteger.Square(value, square);
                WideInteger.Multiply(square, factor, product);
                Assert.Equal(Big(square) * factor, Big(product));
            }
        }
    }

    [Fact]
    public void Doubles_are_right_to_two_to_the_minus_52()
    {
        Span<ulong> square = stackalloc ulong[4];
        foreach (var value in Values(4000))
        {
            WideInteger.Square(value, square);
            var exact = Big(square);
            var error = BigInteger.Abs(new BigInteger(WideInteger.ToDouble(square)) - exact);
            Assert.True((error << 52) <= exact, $"seed {Seed}: {exact} is off by {error}");
        }
    }

    private static IEnumerable<UInt128> Values(int count)
    {
        var random = new Random(Seed);
        return s_edges.Concat(Enumerable.Range(0, count).Select(_ =>
            new UInt128((ulong)random.NextInt64(long.MinValue, long.MaxValue), (ulong)random.NextInt64(long.MinValue, long.MaxValue)) >> random.Next(128)));
    }

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
