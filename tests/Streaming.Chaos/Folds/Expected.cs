namespace Streaming.Chaos.Folds;

/// <summary>What a feature must be.</summary>
/// <param name="Value">A number or a text; null where there is none.</param>
/// <param name="EventMillis">The newest event that contributes; null where none does.</param>
/// <param name="Tolerance">How far a number may be off, as a share of it.</param>
internal sealed record Expected(object? Value, long? EventMillis, double Tolerance)
{
    private const double Rounding = 1e-9;

    /// <summary>A value that must be met but for rounding.</summary>
    public static Expected Of(object? value, IEnumerable<LogRecord> contributing, string timeField) => new(
        value, contributing.Select(each => (long?)each.Millis(timeField)).LastOrDefault(), Rounding);

    /// <summary>Whether a number is this one.</summary>
    public bool Is(double number) => Value is double wanted && Math.Abs(number - wanted) <= Tolerance * Math.Max(1, Math.Abs(wanted));
}
