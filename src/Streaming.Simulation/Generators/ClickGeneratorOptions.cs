namespace Streaming.Simulation.Generators;

/// <summary>What to simulate. The same options give the same clicks, everywhere and for ever.</summary>
public sealed record ClickGeneratorOptions
{
    /// <summary>How many users there are.</summary>
    public int Users { get; init; } = 20_000;

    /// <summary>How many categories there are.</summary>
    public int Categories { get; init; } = 24;

    /// <summary>How many items a category has.</summary>
    public int ItemsPerCategory { get; init; } = 100;

    /// <summary>Chooses one history out of 2^64.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>Midnight of day 0.</summary>
    public DateTimeOffset Start { get; init; } = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    internal void Validate()
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(Users);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(Categories);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(ItemsPerCategory);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(Users, 1_000_000);
    }
}
