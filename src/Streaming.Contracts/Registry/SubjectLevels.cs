using Streaming.Contracts.Schemas;

namespace Streaming.Contracts.Registry;

/// <summary>
/// Whether the compatibility levels of subjects are strict enough for a log that is replayed: each version reads all before it.
/// </summary>
public static class SubjectLevels
{
    /// <summary>
    /// One sentence that names the subjects with a weaker level, and what to set; null when there are none. If the registry does not
    /// answer, the check ends: registering a schema reports the outage. Changes nothing: the level is for the registry's operator to
    /// set.
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
