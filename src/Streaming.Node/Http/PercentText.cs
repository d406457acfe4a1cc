using System.Globalization;
using System.Text.Unicode;

namespace Streaming.Node.Http;

/// <summary>Text as URLs write it: bytes of UTF-8, those that mean something there as % and two digits.</summary>
internal static class PercentText
{
    /// <summary>Whether a part of a URL stands for a text: what does not is left as it is by the server, as if it were that text.</summary>
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
