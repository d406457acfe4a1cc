using Streaming.Simulation.Generators;

namespace Streaming.Simulation.Tests.Generators;

/// <summary>What a simulated drift changes, and what not.</summary>
public class SimulatedDriftSpec
{
    private static readonly TransactionGeneratorOptions s_options = new() { Cards = 500, Terminals = 200, DriftFromDay = 5 };
    private static readonly TransactionGenerator s_steady = new(s_options);

    [Theory]
    [InlineData(SimulatedDrift.Amounts)]
    [InlineData(SimulatedDrift.Activity)]
    public void Days_before_it_are_the_same(SimulatedDrift drift)
    {
        var drifting = new TransactionGenerator(s_options with { Drift = drift });
        Assert.Equal(All(s_steady.Day(4)), All(drifting.Day(4)));
        Assert.NotEqual(All(s_steady.Day(5)), All(drifting.Day(5)));
    }

    [Fact]
    public void Amounts_are_higher()
    {
        var drifting = new TransactionGenerator(s_options with { Drift = SimulatedDrift.Amounts });
        Assert.Equal(All(s_steady.Day(5)).Select(row => Math.Round(row.Amount * 1.8, 2)), All(drifting.Day(5)).Select(row => row.Amount));
    }

    [Fact]
    public void Cards_pay_more_often()
    {
        var drifting = new TransactionGenerator(s_options with { Drift = SimulatedDrift.Activity });
        Assert.InRange(drifting.Day(5).Count / (double)s_steady.Day(5).Count, 2.7, 3.3);
    }

    private static GeneratedTransaction[] All(TransactionDay day) => [.. Enumerable.Range(0, day.Count).Select(row => day[row])];
}
