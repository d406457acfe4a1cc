using Streaming.Simulation.Generators;

namespace Streaming.Simulation.Seeding;

/// <summary>What to generate.</summary>
public sealed record SeedOptions
{
    /// <summary>
    /// When day 0 of every seeded history begins. Fixed, so that a day has the same events and ids whenever it is written.
    /// </summary>
    public static readonly DateTimeOffset Epoch = new(2020, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>Cards, and their users.</summary>
    public int Cards { get; init; } = 20_000;

    /// <summary>Terminals.</summary>
    public int Terminals { get; init; } = 10_000;

    /// <summary>Chooses one world out of 2^64.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>
    /// How much past is written first, at full speed, as far as the log does not have it. As far as the shipped features reach back:
    /// windows of 30 days, behind a
    /// delay of 7.
    /// </summary>
    public TimeSpan History { get; init; } = TimeSpan.FromDays(37);

    /// <summary>How much of it has clicks. There are nearly as many clicks as transactions.</summary>
    public TimeSpan ClickHistory { get; init; } = TimeSpan.FromDays(7);

    /// <summary>Live transactions a second; a fifth as many clicks. 0 for none.</summary>
    public double Rate { get; init; } = 50;

    /// <summary>How long live events go on; null for ever.</summary>
    public TimeSpan? Duration { get; init; }

    /// <summary>How the world changes towards the end: what drift detection must find.</summary>
    public SimulatedDrift Drift { get; init; }

    /// <summary>How many of the days before now have changed; live events have, too.</summary>
    public int DriftDays { get; init; } = 1;

    /// <summary>How long after a transaction its label comes.</summary>
    public TimeSpan LabelDelay { get; init; } = TimeSpan.FromDays(7);
}
