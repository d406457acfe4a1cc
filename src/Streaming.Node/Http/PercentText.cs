using System.Globalization;
using System.Text.Unicode;

namespace Streaming.Node.Http;

/// <summary>Percent-encoded text in URLs.</summary>
internal static class PercentText
{
    /// <summary>
    /// Whether a part of a URL decodes to valid UTF-8. The server leaves invalid parts as they are, as if they were the text itself.
    /// </summary>
    public static bool IsText(ReadOnlySpan<char> part)
    {
        var bytes = new byte[part.Length];
        var count = 0;
        for (var i = 0; i < part.Length; i++, count++)
        {
            if (part[i] != '%')
            {
                // A head is ASCII; what is beyond it HTTP refuses.
                bytes[count] = (byte)part[i];
            }
            else if (i + 2 < part.Length
                && byte.TryParse(part.Slice(i + 1, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out bytes[count]))
            {
                i += 2;
            }
            else
            {
                return false;
            }
        }

        return Utf8.IsValid(bytes.AsSpan(0, count));
    }
}
