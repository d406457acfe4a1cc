namespace Streaming.Simulation.Generators;

/// <summary>What to simulate. The same options give the same transactions, everywhere and for ever.</summary>
public sealed record TransactionGeneratorOptions
{
    /// <summary>How many cards (one a user) there are.</summary>
    public int Cards { get; init; } = 20_000;

    /// <summary>How many terminals there are.</summary>
    public int Terminals { get; init; } = 10_000;

    /// <summary>Chooses one history out of 2^64.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>Midnight of day 0.</summary>
    public DateTimeOffset Start { get; init; } = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>Terminals that become compromised each day, for 28 days; null scales the published 2 of 10,000, at least 1.</summary>
    public int? CompromisedTerminalsPerDay { get; init; }

    /// <summary>Cards that become compromised each day, for 14 days; null scales the published 3 of 5,000, at least 1.</summary>
    public int? CompromisedCardsPerDay { get; init; }

    /// <summary>How long after a transaction its label becomes known.</summary>
    public TimeSpan LabelDelay { get; init; } = TimeSpan.FromDays(7);

    /// <summary>How the world changes; the days before it stay the same.</summary>
    public SimulatedDrift Drift { get; init; }

    /// <summary>The first day of the change.</summary>
    public int DriftFromDay { get; init; }

    internal int TerminalsADay => CompromisedTerminalsPerDay ?? Math.Max(1, (int)Math.Round(Terminals * 2 / 10_000.0));

    internal int CardsADay => CompromisedCardsPerDay ?? Math.Max(1, (int)Math.Round(Cards * 3 / 5_000.0));

    internal void Validate()
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(Cards);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(Terminals);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(Cards, 1_000_000);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(Terminals, 1_000_000);
        ArgumentOutOfRangeException.ThrowIfNegative(TerminalsADay);
        ArgumentOutOfRangeException.ThrowIfNegative(CardsADay);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(TerminalsADay, Terminals);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(CardsADay, Cards);
        ArgumentOutOfRangeException.ThrowIfLessThan(LabelDelay, TimeSpan.Zero);
    }
}
