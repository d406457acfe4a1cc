namespace Streaming.Simulation.Generators;

/// <summary>The transactions of one day as columns, by ascending event time. Row i of every column is transaction i.</summary>
public sealed class TransactionDay
{
    /// <summary>Room for ids that each day has.</summary>
    public const long IdsPerDay = 100_000_000;

    internal TransactionDay(int index, int count)
    {
        Index = index;
        Times = new long[count];
        Cards = new int[count];
        Terminals = new int[count];
        Amounts = new double[count];
        Scenarios = new FraudScenario[count];
    }

    /// <summary>Days since the generator's start.</summary>
    public int Index { get; }

    /// <summary>How many transactions the day has.</summary>
    public int Count => Times.Length;

    /// <summary>The id of row 0; the others follow it.</summary>
    public long FirstId => Index * IdsPerDay;

    /// <summary>Event times, milliseconds since the epoch, ascending.</summary>
    public long[] Times { get; }

    /// <summary>Card numbers.</summary>
    public int[] Cards { get; }

    /// <summary>Terminal numbers.</summary>
    public int[] Terminals { get; }

    /// <summary>Amounts in whole cents.</summary>
    public double[] Amounts { get; }

    /// <summary>The ground truth.</summary>
    public FraudScenario[] Scenarios { get; }

    /// <summary>One row.</summary>
    public GeneratedTransaction this[int row] => new(FirstId + row, Times[row], Cards[row], Terminals[row], Amounts[row], Scenarios[row]);
}
