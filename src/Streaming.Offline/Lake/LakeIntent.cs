using System.Collections.Immutable;
using System.Text.Json;

namespace Streaming.Offline.Lake;

/// <summary>
/// What is about to be moved into the lake: all files of one batch. Written before the first move and deleted after the last, so that
/// whoever finds one completes it.
/// </summary>
/// <param name="Moves">From where to where; paths under the lake's folder.</param>
internal sealed record LakeIntent(ImmutableArray<LakeMove> Moves)
{
    /// <summary>Reads one.</summary>
    /// <exception cref="LakeException">It is damaged.</exception>
    public static LakeIntent Read(string file)
    {
        try
        {
            return JsonSerializer.Deserialize<LakeIntent>(File.ReadAllText(file)) is { Moves.IsDefault: false } intent
                ? intent
                : throw new JsonException("it has no moves");
        }
        catch (JsonException error)
        {
            throw new LakeException(
                $"{file}: this record of an unfinished export cannot be read ({error.Message}); restore it, or delete the topic's folder " +
                "and export it again");
        }
    }

    /// <summary>As <see cref="Read"/> reads it.</summary>
    public string ToJson() => JsonSerializer.Serialize(this);
}

/// <summary>One file's way into the lake.</summary>
internal sealed record LakeMove(string From, string To);
