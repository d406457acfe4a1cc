using Streaming.Scoring.Drift;

namespace Streaming.Scoring.Tests.Drift;

/// <summary>The bins of a baseline, and its JSON.</summary>
public class BaselineSpec
{
    [Fact]
    public void Each_value_is_counted_once_in_the_bin_it_lies_in()
    {
        double[] values = [.. Enumerable.Range(0, 1_000).Select(i => (double)(i % 100)), double.NaN, double.NaN];
        var histogram = BaselineBuilder.Of("x", values);
        Assert.Equal(2, histogram.Missing);
        Assert.Equal(BaselineHistogram.MaxBins, histogram.Counts.Length);
        for (var bin = 0; bin < histogram.Counts.Length; bin++)
        {
            var low = bin == 0 ? double.NegativeInfinity : histogram.Edges[bin - 1];
            var high = bin == histogram.Edges.Length ? double.PositiveInfinity : histogram.Edges[bin];
            Assert.Equal(values.Count(value => value > low && value <= high), histogram.Counts[bin]);
        }
    }

    [Fact]
    public void Few_values_have_a_bin_each_and_another_value_is_none_of_them()
    {
        var histogram = BaselineBuilder.Of("x", [3, 1, 1, 7, double.NaN]);
        Assert.True(histogram.IsCategorical);
        Assert.Equal<double>([1, 3, 7], histogram.Edges);
        Assert.Equal<long>([2, 1, 1], histogram.Counts);
        Assert.Equal(histogram.AboveCell, histogram.CellOf(2));
        Assert.Equal(histogram.MissingCell, histogram.CellOf(double.NaN));
    }

    [Fact]
    public void Values_beyond_those_of_training_lie_below_or_above()
    {
        var histogram = BaselineBuilder.Of("x", [.. Enumerable.Range(0, 100).Select(i => (double)i)]);
        Assert.Equal(histogram.BelowCell, histogram.CellOf(-0.1));
        Assert.Equal(0, histogram.CellOf(0));
        Assert.Equal(histogram.Counts.Length - 1, histogram.CellOf(99));
        Assert.Equal(histogram.AboveCell, histogram.CellOf(double.PositiveInfinity));
    }

    [Fact]
    public void A_feature_that_is_always_missing_has_one_empty_bin() =>
        Assert.Equal<long>([0], BaselineBuilder.Of("x", [double.NaN]).Counts);

    [Fact]
    public void Its_JSON_gives_it_again()
    {
        var random = new Random(1);
        var many = BaselineBuilder.Of("many", [.. Enumerable.Range(0, 5_000).Select(_ => random.NextDouble())]);
        Assert.NotNull(many.Noise);
        var few = BaselineBuilder.Of("few", [1, 2, double.NaN]);
        var read = BaselineJson.Read(BaselineJson.Write([many, few]));
        Assert.Equal(BaselineJson.Write([many, few]), BaselineJson.Write(read));
        Assert.Equal((many.Min, many.Max, many.Noise, few.IsCategorical), (read[0].Min, read[0].Max, read[0].Noise, read[1].IsCategorical));
    }

    /// <summary>Files of before have neither range nor noise: nothing lies outside.</summary>
    [Fact]
    public void A_baseline_without_range_has_no_outside()
    {
        var histogram = Assert.Single(BaselineJson.Read("""[{"name":"x","edges":[1,2],"counts":[5,5,5],"missing":0}]"""));
        Assert.Equal((0, 2), (histogram.CellOf(-1e300), histogram.CellOf(1e300)));
        Assert.Null(histogram.Noise);
    }
}
