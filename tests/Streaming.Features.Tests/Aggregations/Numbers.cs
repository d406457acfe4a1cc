namespace Streaming.Features.Tests.Aggregations;

/// <summary>Naive statistics of numbers where NaN is null.</summary>
internal static class Numbers
{
    public static double[] Present(IEnumerable<double> values) => [.. values.Where(v => !double.IsNaN(v))];

    public static object? SumOrNull(IEnumerable<double> values) => Present(values) is { Length: > 0 } numbers ? numbers.Sum() : null;

    public static object? MinOrNull(IEnumerable<double> values) => Present(values) is { Length: > 0 } numbers ? numbers.Min() : null;

    public static object? MaxOrNull(IEnumerable<double> values) => Present(values) is { Length: > 0 } numbers ? numbers.Max() : null;

    public static object Distinct(IEnumerable<double> values) => (double)Present(values).Distinct().Count();

    /// <summary>The sample variance in two passes; null below two numbers.</summary>
    public static object? Variance(IEnumerable<double> values)
    {
        var numbers = Present(values);
        if (numbers.Length < 2)
        {
            return null;
        }

        var mean = numbers.Average();
        return numbers.Sum(n => (n - mean) * (n - mean)) / (numbers.Length - 1);
    }
}
