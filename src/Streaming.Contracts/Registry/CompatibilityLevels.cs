using Streaming.Contracts.Schemas;

namespace Streaming.Contracts.Registry;

/// <summary>The levels as the REST API and the embedded registry's file write them.</summary>
internal static class CompatibilityLevels
{
    public static string Write(CompatibilityLevel level) => level switch
    {
        CompatibilityLevel.None => "NONE",
        CompatibilityLevel.Backward => "BACKWARD",
        CompatibilityLevel.BackwardTransitive => "BACKWARD_TRANSITIVE",
        CompatibilityLevel.Forward => "FORWARD",
        CompatibilityLevel.ForwardTransitive => "FORWARD_TRANSITIVE",
        CompatibilityLevel.Full => "FULL",
        CompatibilityLevel.FullTransitive => "FULL_TRANSITIVE",
        _ => throw new ArgumentOutOfRangeException(nameof(level), level, null),
    };

    public static CompatibilityLevel? Parse(string? text)
    {
        foreach (var level in Enum.GetValues<CompatibilityLevel>())
        {
            if (Write(level) == text)
            {
                return level;
            }
        }

        return null;
    }
}
