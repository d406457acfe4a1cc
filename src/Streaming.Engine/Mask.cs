using System.Text;

namespace Streaming.Engine;

/// <summary>How entity keys appear in logs and messages: a card number never in full.</summary>
public static partial class Mask
{
    private const int Shown = 4;

    /// <summary>Stars and at most the last four characters, never more than half of the key.</summary>
    public static string Key(ReadOnlySpan<byte> utf8) => Key(Encoding.UTF8.GetString(utf8));

    /// <summary>As <see cref="Key(ReadOnlySpan{byte})"/>.</summary>
    public static string Key(string key)
    {
        var shown = Math.Min(Shown, key.Length / 2);
        return "****" + key[^shown..];
    }
}
