using System.Collections.Immutable;
using Streaming.Features.Language;
using Streaming.Features.Numerics;
using Streaming.Features.Plans;
using Streaming.Features.State;
using Streaming.Features.Tests.Kit;
using Streaming.Features.Tests.Numerics;

namespace Streaming.Features.Tests.Aggregations;

/// <summary>Every aggregation of numbers where input can do its worst: as many of the largest and smallest as no 128-bit sum holds, and all mixed.</summary>
public sealed class ExtremesSpec
{
    private const int Many = 300_000;

    [Fact]
    public void Hundreds_of_thousands_of_the_largest_overflow_nothing()
    {
        var values = Read(Enumerable.Repeat(NumberRange.MaxMagnitude, Many));
        Assert.Equal(Many * NumberRange.MaxMagnitude, values["sum"]);
        Assert.Equal(NumberRange.MaxMagnitude, values["avg"]);
        Assert.Equal((0.0, 0.0), (values["variance"], values["stddev"]));
        Assert.Equal((NumberRange.MaxMagnitude, NumberRange.MaxMagnitude), (values["min"], values["max"]));
        Assert.Equal(1, values["ratio"]);
    }

    [Theory]
    [InlineData(0.01)]
    [InlineData(1e-12)]
    [InlineData(1e-18)]
    [InlineData(NumberRange.MinMagnitude)]
    public void The_smallest_amounts_do_not_vanish(double amount)
    {
        var values = Read(Enumerable.Repeat(amount, 1));
        Assert.Equal((amount, amount, 1), (values["sum"], values["avg"], values["ratio"]));
        values = Read(Enumerable.Repeat(amount, 1000));
        Assert.Equal(amount, values["avg"]);
        Assert.Equal(Rational.Sum(Enumerable.Repeat(amount, 1000)), values["sum"]);
    }

    [Fact]
    public void Mixed_extremes_are_exact_and_a_mean_lies_between_least_and_most()
    {
        for (var seed = 1; seed <= 20; seed++)
        {
            var random = new Random(seed);
            double[] edges = [NumberRange.MaxMagnitude, -NumberRange.MaxMagnitude, NumberRange.MinMagnitude, -NumberRange.MinMagnitude, 0, 0.1, -0.1, 1e-18];
            var amounts = Enumerable.Range(0, random.Next(2, 2000)).Select(_ => edges[random.Next(edges.Length)]).ToArray();
            var values = Read(amounts);
            Assert.True(Rational.Sum(amounts).Equals(values["sum"]), $"seed {seed}");
            Assert.True(Rational.Mean(amounts).Equals(values["avg"]), $"seed {seed}");
            Assert.Equal(Rational.Variance(amounts), values["variance"], Rational.Variance(amounts) * 1e-15);
            Assert.InRange(values["avg"], values["min"], values["max"]);
            Assert.InRange(values["percentile"], values["min"], values["max"]);
        }
    }

    private static Dictionary<string, double> Read(IEnumerable<double> amounts)
    {
        string[] names = ["sum", "avg", "variance", "stddev", "min", "max", "percentile", "ratio"];
        var plan = Views.Entity(Views.View("v", 0, [.. names.Select(Feature)]));
        var state = new EntityState(plan);
        var events = amounts.Select((amount, i) => new Transaction(0, i, RandomStream.Start + i, amount, Other: amount)).ToArray();
        foreach (var chunk in events.Chunk(4096))
        {
            AggregationFixture.Apply(state, chunk);
        }

        var output = new FeatureValue[names.Length];
        Assert.Equal(ReadOutcome.Done, state.Read(plan.AllFeatures, RandomStream.Start + events.Length, null, 0, output));
        return names.Zip(output).ToDictionary(pair => pair.First, pair => pair.Second.Number);
    }

    private static AggregationDefinition Feature(string name) => Views.Feature(
        name,
        name,
        name == "ratio" ? [Transactions.Amount, Transactions.Other] : [Transactions.Amount],
        [Views.SevenDays],
        parameters: name == "percentile" ? ImmutableDictionary<string, double>.Empty.Add("p", 90) : null);
}
