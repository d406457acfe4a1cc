namespace Streaming.Scoring.Circuits;

/// <summary>When a circuit opens, and for how long; the keys under <c>streaming.circuits</c>.</summary>
/// <param name="FailureRatio">The share of failed calls in the window from which on it opens; 0 to 1.</param>
/// <param name="MinimumCalls">Calls in the window without which it stays closed.</param>
/// <param name="Window">How long calls count.</param>
/// <param name="Break">How long it stays open before one call is let through.</param>
/// <param name="ModelSlow">A model's call that takes longer has failed.</param>
public sealed record CircuitSettings(double FailureRatio, int MinimumCalls, TimeSpan Window, TimeSpan Break, TimeSpan ModelSlow);
