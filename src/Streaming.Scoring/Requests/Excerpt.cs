namespace Streaming.Scoring.Requests;

/// <summary>What a client sent, as messages repeat it.</summary>
public static class Excerpt
{
    private const int LengthMax = 40;

    /// <summary>A text, cut if it is long: an answer must not grow with the request that it refuses.</summary>
    public static string Of(string text) => text.Length <= LengthMax ? text : text[..LengthMax] + "...";
}
