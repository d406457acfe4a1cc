using Streaming.Contracts.Schemas;

namespace Streaming.Contracts.Registry;

/// <summary>
/// Whether a registry holds subjects to what a log that is replayed from its start asks for: each version reads all before it.
/// </summary>
public static class SubjectLevels
{
    /// <summary>
    /// One sentence that names the subjects which are held to less, and what to set; null when there are none. A registry that does not
    /// answer is asked no further: nothing is known then, and whoever registers a schema hears of the outage. Sets nothing: the level is
    /// the registry's operator's.
    /// </summary>
    public static async Task<string?> AdviseAsync(ISchemaRegistry registry, IEnumerable<string> subjects, CancellationToken cancellation)
    {
        var weak = new List<string>();
        foreach (var subject in subjects)
        {
            if (await registry.GetLevelAsync(subject, cancellation) is not RegistryResult<CompatibilityLevel>.Found { Value: var level })
            {
                break;
            }

            if (level is not (CompatibilityLevel.BackwardTransitive or CompatibilityLevel.FullTransitive))
            {
                weak.Add($"{subject} to {CompatibilityLevels.Write(level)}");
            }
        }

        return weak.Count == 0
            ? null
            : $"the schema registry holds {string.Join(", ", weak)}, and a replay reads what every version wrote: "
                + """set BACKWARD_TRANSITIVE (or FULL_TRANSITIVE) with PUT /config/SUBJECT {"compatibility": "BACKWARD_TRANSITIVE"}; """
            + "docs/schemas.md says who may do that";
    }
}
