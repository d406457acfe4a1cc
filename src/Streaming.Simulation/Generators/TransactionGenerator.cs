namespace Streaming.Simulation.Generators;

/// <summary>
/// Simulated card payments after the transaction simulator of the Fraud Detection Handbook (Le Borgne, Siblini, Lebichot and
/// Bontempi, chapter 3), as a generator of days: any day can be made on its own, in any order, on any thread, and is always the
/// same. Differences from the published one are listed in docs/generators.md. Thread-safe.
/// </summary>
public sealed class TransactionGenerator
{
    /// <summary>How long a terminal stays compromised.</summary>
    public const int TerminalDays = 28;

    /// <summary>How long a card stays compromised.</summary>
    public const int CardDays = 14;

    private const long DayMillis = 86_400_000;
    private const double ActivityFactor = 3;
    private const double AmountFactor = 1.8;
    private readonly SimulatedWorld _world;
    private readonly long _startMillis;

    /// <summary>Places cards and terminals; about 10 ms and 10 MB for the default sizes.</summary>
    public TransactionGenerator(TransactionGeneratorOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        Options = options;
        _world = new SimulatedWorld(options);
        _startMillis = options.Start.ToUnixTimeMilliseconds();
    }

    /// <summary>What is simulated.</summary>
    public TransactionGeneratorOptions Options { get; }

    /// <summary>How far from its home a card uses terminals.</summary>
    public double Radius => _world.Radius;

    /// <summary>What is fixed about a terminal.</summary>
    public TerminalProfile Terminal(int number) => _world.Terminals[number];

    /// <summary>What is fixed about a card.</summary>
    public CardProfile Card(int number) => _world.Cards[number];

    /// <summary>The terminals that a card uses, by ascending number; at least one.</summary>
    public ReadOnlySpan<int> TerminalsOf(int card) => _world.Near(card);

    /// <summary>Consecutive days, each made when it is asked for.</summary>
    public IEnumerable<TransactionDay> Days(int first, int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(first);
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        for (var day = first; day < first + count; day++)
        {
            yield return Day(day);
        }
    }

    /// <summary>All transactions of one day.</summary>
    /// <param name="index">Days since the start, 0 or more.</param>
    public TransactionDay Day(int index)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        var random = new StableRandom(Options.Seed, StableStream.TransactionDay, index);
        var compromised = new CompromisedNumbers(Options.Seed, index);
        var badTerminals = compromised.On(StableStream.CompromisedTerminals, TerminalDays, Options.TerminalsADay, Options.Terminals);
        var badCards = compromised.On(StableStream.CompromisedCards, CardDays, Options.CardsADay, Options.Cards);
        var rows = new List<Draft>(Options.Cards * 2);
        var drift = index >= Options.DriftFromDay ? Options.Drift : SimulatedDrift.None;
        var activity = drift == SimulatedDrift.Activity ? ActivityFactor : 1;
        for (var card = 0; card < Options.Cards; card++)
        {
            var count = random.Poisson(_world.Cards[card].MeanPerDay * activity);
            for (var i = 0; i < count; i++)
            {
                AddTransaction(card, random, badTerminals, badCards[card], drift, rows);
            }
        }

        return Sorted(index, rows);
    }

    private void AddTransaction(
        int card, StableRandom random, bool[] badTerminals, bool cardIsBad, SimulatedDrift drift, List<Draft> rows)
    {
        var millisOfDay = (long)Math.Floor(random.Normal(43_200, 20_000) * 1000);
        if (millisOfDay is < 0 or >= DayMillis)
        {
            return;
        }

        var mean = _world.Cards[card].MeanAmount;
        var amount = random.Normal(mean, mean / 2);
        amount = Cents(amount < 0 ? random.Uniform(0, mean * 2) : amount);
        var near = _world.Near(card);
        var terminal = near[random.Below(near.Length)];
        var scenario = amount > 220 ? FraudScenario.LargeAmount : FraudScenario.None;
        scenario = badTerminals[terminal] ? FraudScenario.CompromisedTerminal : scenario;
        if (cardIsBad && random.Below(3) == 0)
        {
            (scenario, amount) = (FraudScenario.CompromisedCard, Cents(amount * 5));
        }

        amount = drift == SimulatedDrift.Amounts ? Cents(amount * AmountFactor) : amount;
        rows.Add(new Draft(millisOfDay, card, terminal, amount, scenario));
    }

    private static double Cents(double amount) => Math.Round(amount, 2);

    private TransactionDay Sorted(int index, List<Draft> rows)
    {
        var order = TimeOrder.Of(rows, row => row.MillisOfDay);
        var day = new TransactionDay(index, order.Length);
        var midnight = _startMillis + (index * DayMillis);
        for (var i = 0; i < order.Length; i++)
        {
            var row = rows[order[i]];
            day.Times[i] = midnight + row.MillisOfDay;
            day.Cards[i] = row.Card;
            day.Terminals[i] = row.Terminal;
            day.Amounts[i] = row.Amount;
            day.Scenarios[i] = row.Scenario;
        }

        return day;
    }

    private readonly record struct Draft(long MillisOfDay, int Card, int Terminal, double Amount, FraudScenario Scenario);
}
