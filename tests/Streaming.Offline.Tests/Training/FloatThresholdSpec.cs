using FsCheck.Xunit;
using Streaming.Offline.Training.Onnx;

namespace Streaming.Offline.Tests.Training;

public class FloatThresholdSpec
{
    [Property(MaxTest = 1_000)]
    public bool Every_float_goes_the_same_way(double threshold, float value) =>
        double.IsNaN(threshold) || Same(threshold, value);

    [Fact]
    public void Floats_beside_the_threshold_go_the_same_way()
    {
        var random = new Random(8);
        for (var i = 0; i < 200_000; i++)
        {
            var threshold = BitConverter.Int64BitsToDouble(random.NextInt64(long.MinValue, long.MaxValue));
            threshold = i % 2 == 0 ? threshold : random.NextDouble() * Math.Pow(10, random.Next(-44, 39));
            if (!double.IsNaN(threshold))
            {
                var nearest = (float)threshold;
                Assert.True(Same(threshold, nearest), $"{threshold:R}");
                Assert.True(Same(threshold, MathF.BitIncrement(nearest)), $"{threshold:R}");
                Assert.True(Same(threshold, MathF.BitDecrement(nearest)), $"{threshold:R}");
            }
        }
    }

    [Theory]
    [InlineData(1e300, float.MaxValue)]
    [InlineData(-1e300, float.NegativeInfinity)]
    [InlineData(0.1, 0.099999994f)]
    [InlineData(0.5, 0.5f)]
    public void The_largest_float_not_above_is_taken(double threshold, float expected) => Assert.Equal(expected, FloatThreshold.RoundDown(threshold));

    private static bool Same(double threshold, float value) => value <= threshold == value <= FloatThreshold.RoundDown(threshold);
}
