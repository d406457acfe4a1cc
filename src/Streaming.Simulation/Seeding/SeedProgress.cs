namespace Streaming.Simulation.Seeding;

/// <summary>How far a seed is.</summary>
/// <param name="Phase">What it writes.</param>
/// <param name="Transactions">Transactions written.</param>
/// <param name="Clicks">Clicks written.</param>
/// <param name="DaysDone">Days of history written.</param>
/// <param name="Days">Days of history.</param>
public readonly record struct SeedProgress(SeedPhase Phase, long Transactions, long Clicks, int DaysDone, int Days)
{
    /// <summary>Labels sent; waiting ones do not count.</summary>
    public long Labels { get; init; }
}
