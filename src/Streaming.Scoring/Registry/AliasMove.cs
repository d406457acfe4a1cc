namespace Streaming.Scoring.Registry;

/// <summary>An alias that was set.</summary>
/// <param name="Alias">The alias.</param>
/// <param name="Version">The version that it names now; 0 if it was taken away.</param>
/// <param name="Previous">The version before; 0 for none.</param>
/// <param name="By">Who moved it.</param>
/// <param name="At">When, in milliseconds since 1970.</param>
/// <param name="IsRollback">Whether it went back to what was before.</param>
public sealed record AliasMove(string Alias, int Version, int Previous, string By, long At, bool IsRollback);
