using System.Text;

namespace Streaming.Features.State;

/// <summary>
/// The different texts of one entity's view, so that an event holds a code of 8 bytes and two equal texts have equal codes.
/// Used by the entity's owner only.
/// </summary>
internal sealed class TextTable
{
    /// <summary>The code of a text that the table lacks, as a request may bring one.</summary>
    public const long Unknown = long.MaxValue;

    private const int StackChars = 256;

    private readonly Dictionary<string, int> _codes = new(StringComparer.Ordinal);
    private readonly List<string> _texts = [];

    /// <summary>How many texts there are.</summary>
    public int Count => _texts.Count;

    /// <summary>A text by its code.</summary>
    public string this[long code] => _texts[(int)code];

    /// <summary>A text's code; the text is added when it is new.</summary>
    public long CodeOf(ReadOnlySpan<byte> utf8)
    {
        var code = Find(utf8);
        return code == Unknown ? Add(Encoding.UTF8.GetString(utf8)) : code;
    }

    /// <summary>A text's code, or <see cref="Unknown"/>.</summary>
    public long Find(ReadOnlySpan<byte> utf8)
    {
        if (utf8.Length > StackChars)
        {
            return _codes.TryGetValue(Encoding.UTF8.GetString(utf8), out var longCode) ? longCode : Unknown;
        }

        Span<char> chars = stackalloc char[StackChars];
        var length = Encoding.UTF8.GetChars(utf8, chars);
        var lookup = _codes.GetAlternateLookup<ReadOnlySpan<char>>();
        return lookup.TryGetValue(chars[..length], out var code) ? code : Unknown;
    }

    /// <summary>Adds a text that is not there yet.</summary>
    public long Add(string text)
    {
        _codes.Add(text, _texts.Count);
        _texts.Add(text);
        return _texts.Count - 1;
    }
}
