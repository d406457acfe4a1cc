using System.Globalization;

namespace Streaming.Benchmarks.Latency;

/// <summary>The table that <c>make test-latency</c> prints: each figure, its target where it has one, and whether it is met.</summary>
internal sealed class LatencyReport(TextWriter output)
{
    /// <summary>Whether a target was missed so far.</summary>
    public bool IsMissed { get; private set; }

    public void Head() => output.WriteLine(Line("what", "seen", "target", ""));

    /// <summary>A figure that has no target.</summary>
    public void Add(string what, double value, string unit) => output.WriteLine(Line(what, Text(value, unit), "", ""));

    /// <summary>A figure that must be at least, or stay below, its target.</summary>
    public void Judge(string what, double value, string unit, double target, bool atLeast)
    {
        // NaN, a figure that was not measured, is a miss.
        var isMet = atLeast ? value >= target : value < target;
        IsMissed |= !isMet;
        output.WriteLine(Line(what, Text(value, unit), (atLeast ? ">= " : "< ") + Text(target, unit), isMet ? "met" : "MISSED"));
    }

    private static string Line(string what, string seen, string target, string verdict) =>
        string.Create(CultureInfo.InvariantCulture, $"{what,-58} {seen,14} {target,14}  {verdict}").TrimEnd();

    private static string Text(double value, string unit) =>
        value.ToString(value >= 1000 ? "#,0" : "0.###", CultureInfo.InvariantCulture) + (unit.Length > 0 ? " " + unit : "");
}
