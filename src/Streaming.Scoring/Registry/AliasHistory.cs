using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;

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

    /// <summary>The moves as JSON, for <see cref="VersionTags.AliasHistory"/>: as many of the newest as fit.</summary>
    /// <param name="history">The moves.</param>
    /// <param name="lengthMax">Characters.</param>
    public static string Write(ImmutableArray<AliasMove> history, int lengthMax)
    {
        for (var first = 0; ; first++)
        {
            var text = JsonSerializer.Serialize(history[first..], AliasHistoryJson.Default.ImmutableArrayAliasMove);
            if (text.Length <= lengthMax || first == history.Length)
            {
                return text;
            }
        }
    }

    /// <summary>Reads what <see cref="Write"/> wrote; an empty text is no move.</summary>
    /// <exception cref="RegistryException">It is something else.</exception>
    public static ImmutableArray<AliasMove> Read(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        try
        {
            return text.Length == 0 ? [] : JsonSerializer.Deserialize(text, AliasHistoryJson.Default.ImmutableArrayAliasMove);
        }
        catch (JsonException error)
        {
            throw new RegistryException(
                RegistryFault.Damaged, $"the tag {VersionTags.AliasHistory} is not ours: {error.Message}; delete the tag", error);
        }
    }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(ImmutableArray<AliasMove>))]
internal sealed partial class AliasHistoryJson : JsonSerializerContext;
