namespace Streaming.Scoring.Requests;

/// <summary>What a client sent, as messages repeat it.</summary>
public static class Excerpt
{
    private const int LengthMax = 40;

    /// <summary>A text, cut where it is long: an answer is not to be as large as what it refuses.</summary>
    public static string Of(string text) => text.Length <= LengthMax ? text : text[..LengthMax] + "...";
}
