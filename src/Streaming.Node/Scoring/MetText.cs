namespace Streaming.Node.Scoring;

/// <summary>What was met in a request, as messages repeat it.</summary>
internal static class MetText
{
    private const int LengthMax = 40;

    /// <summary>A text, cut where it is long: an answer is not to be as large as what it refuses.</summary>
    public static string Shorten(string text) => text.Length <= LengthMax ? text : text[..LengthMax] + "...";
}
