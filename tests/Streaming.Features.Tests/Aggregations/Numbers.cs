using Streaming.Features.Tests.Numerics;

namespace Streaming.Features.Tests.Aggregations;

/// <summary>Naive statistics of numbers where NaN is null.</summary>
internal static class Numbers
{
    public static double[] Present(IEnumerable<double> values) => [.. values.Where(v => !double.IsNaN(v))];

    public static object? SumOrNull(IEnumerable<double> values) => Present(values) is { Length: > 0 } numbers ? Rational.Sum(numbers) : null;

    public static object? MinOrNull(IEnumerable<double> values) => Present(values) is { Length: > 0 } numbers ? numbers.Min() : null;

    public static object? MaxOrNull(IEnumerable<double> values) => Present(values) is { Length: > 0 } numbers ? numbers.Max() : null;

    public static object Distinct(IEnumerable<double> values) => (double)Present(values).Distinct().Count();

    /// <summary>The exact sample variance, rounded once; null below two numbers.</summary>
    public static object? Variance(IEnumerable<double> values)
    {
        var numbers = Present(values);
        return numbers.Length < 2 ? null : Rational.Variance(numbers);
    }
}
