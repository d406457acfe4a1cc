using System.Collections.Immutable;

namespace Streaming.Scoring.Registry;

/// <summary>What the moves of an alias say of the past.</summary>
public static class AliasHistory
{
    /// <summary>
    /// The version that a rollback goes to: the one before the newest promotion that was not rolled back. A second rollback goes further
    /// back. Versions that are gone or archived are passed over. 0 for none.
    /// </summary>
    public static int PreviousOf(RegisteredModel model, string alias)
    {
        var past = new Stack<int>();
        foreach (var move in model.History.Where(move => move.Alias == alias))
        {
            if (move.IsRollback)
            {
                while (past.Count > 0 && past.Pop() != move.Version)
                {
                    // What was rolled back, or passed over.
                }
            }
            else if (past.Count == 0 && move.Previous > 0)
            {
                past.Push(move.Previous);
            }

            past.Push(move.Version);
        }

        var current = model.Aliases.GetValueOrDefault(alias);
        return past.FirstOrDefault(version =>
            version > 0 && version != current && model.Versions.Any(each => each.Version == version && !each.IsArchived));
    }

    /// <summary>The newest move of an alias; null for none.</summary>
    public static AliasMove? LastOf(ImmutableArray<AliasMove> history, string alias) =>
        history.LastOrDefault(move => move.Alias == alias);
}
