using Streaming.Offline.Training;

namespace Streaming.Offline.Tests.Training;

public sealed class TrainingSetSpec
{
    [Theory]
    [InlineData(20, 10, new float[] { 0, 2, 4, 6, 8, 10, 12, 14, 16, 18 })]
    [InlineData(25, 4, new float[] { 0, 6, 12, 18 })]
    [InlineData(3, 10, new float[] { 0, 1, 2 })]
    [InlineData(0, 10, new float[0])]
    public void A_sample_is_spread_over_the_whole_set(int rows, int most, float[] expected)
    {
        var features = Enumerable.Range(0, rows).SelectMany(row => new float[] { row, -row }).ToArray();
        var set = new TrainingSet(["a", "b"], features, new float[rows], new long[rows]);
        Assert.Equal(expected.SelectMany(row => new[] { row, -row }), set.Sample(most));
    }
}
