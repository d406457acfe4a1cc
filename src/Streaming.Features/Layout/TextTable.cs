using System.Text;

namespace Streaming.Features.Layout;

/// <summary>
/// The different texts of one entity's view, so that an event holds a code of 8 bytes and two equal texts have equal codes. A few are
/// searched one by one: most entities have no more, and a hash table would be larger than all their texts. Used by the entity's owner
/// only.
/// </summary>
internal sealed class TextTable
{
    /// <summary>The code of a text that the table lacks, as a request may bring one.</summary>
    public const long Unknown = long.MaxValue;

    private const int StackChars = 256;
    private const int Few = 12;

    // Texts that were added lately, of all entities: many have the same few, such as categories, and share them.
    private static readonly string?[] s_recent = new string?[1_024];

    private string[] _texts = [];
    private Dictionary<string, int>? _codes;
    private int _chars;

    /// <summary>How many texts there are.</summary>
    public int Count { get; private set; }

    /// <summary>Bytes in memory, about; a text that entities share counts for each.</summary>
    public long Bytes =>
        64 + (sizeof(long) * _texts.Length) + (24 * Count) + (sizeof(char) * _chars) + (_codes is null ? 0 : 80 + (40 * Count));

    /// <summary>A text by its code.</summary>
    public string this[long code] => code < Count ? _texts[code] : throw new ArgumentOutOfRangeException(nameof(code));

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
            return Find(Encoding.UTF8.GetString(utf8).AsSpan());
        }

        Span<char> chars = stackalloc char[StackChars];
        var length = Encoding.UTF8.GetChars(utf8, chars);
        return Find(chars[..length]);
    }

    /// <summary>Adds a text that is not there yet.</summary>
    public long Add(string text)
    {
        if (Count == _texts.Length)
        {
            Array.Resize(ref _texts, Count < Few ? Count + (Few / 3) : 2 * Count);
        }

        text = Shared(text);
        _texts[Count] = text;
        _chars += text.Length;
        if (Count == Few)
        {
            _codes = new Dictionary<string, int>(2 * Few, StringComparer.Ordinal);
            for (var code = 0; code < Few; code++)
            {
                _codes.Add(_texts[code], code);
            }
        }

        _codes?.Add(text, Count);
        return Count++;
    }

    // Threads may overwrite each other's, which costs a copy.
    private static string Shared(string text)
    {
        ref var recent = ref s_recent[(uint)text.GetHashCode(StringComparison.Ordinal) % (uint)s_recent.Length];
        if (recent is { } found && found == text)
        {
            return found;
        }

        recent = text;
        return text;
    }

    private long Find(ReadOnlySpan<char> text)
    {
        if (_codes is not null)
        {
            return _codes.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(text, out var found) ? found : Unknown;
        }

        for (var code = 0; code < Count; code++)
        {
            if (text.SequenceEqual(_texts[code]))
            {
                return code;
            }
        }

        return Unknown;
    }
}
