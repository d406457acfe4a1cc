using System.Collections.Immutable;

namespace Streaming.Scoring.Definitions;

/// <summary>What a scoring request must hold, by the names of the request source's fields.</summary>
/// <param name="Required">The fields without which there is no score; the first names the entity in the answer.</param>
/// <param name="Minimum">The least value of a number field.</param>
/// <param name="Defaults">The value of a field that the request leaves out.</param>
public sealed record RequestRules(
    ImmutableArray<string> Required, ImmutableDictionary<string, double> Minimum, ImmutableDictionary<string, string> Defaults)
{
    /// <summary>Nothing is required.</summary>
    public static RequestRules None { get; } = new(
        [], ImmutableDictionary<string, double>.Empty, ImmutableDictionary<string, string>.Empty);
}
