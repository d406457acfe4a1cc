using System.Text;

namespace Streaming.Hocon;

/// <summary>A text as it is put together, and where each of its characters comes from.</summary>
internal sealed class ScalarBuilder
{
    private readonly StringBuilder _chars = new();
    private readonly List<int> _offsets = [];
    private int _kept;

    public bool Quoted { get; set; }

    public bool Substitution { get; set; }

    public bool IsEmpty => _kept == 0 && !Quoted;

    /// <summary>The text without the spaces behind it.</summary>
    public string Text => _chars.ToString(0, _kept);

    /// <summary>Appends a space that counts only if something follows, and never before the first character.</summary>
    public void AppendSpace(char c, int offset)
    {
        if (!IsEmpty)
        {
            _chars.Append(c);
            _offsets.Add(offset);
        }
    }

    public void Append(char c, int offset)
    {
        _chars.Append(c);
        _offsets.Add(offset);
        Keep();
    }

    public void Append(string text, int start, int length)
    {
        for (var i = start; i < start + length; i++)
        {
            Append(text[i], i);
        }
    }

    /// <summary>Keeps all that is there: the spaces so far are inside of the text.</summary>
    public void Keep() => _kept = _chars.Length;

    public HoconScalar Build(SourceText source, int start)
    {
        var offsets = _offsets.Take(_kept).ToArray();
        var contiguous = true;
        for (var i = 1; i < offsets.Length; i++)
        {
            contiguous &= offsets[i] == offsets[0] + i;
        }

        var contentStart = offsets.Length > 0 ? offsets[0] : start + 1;
        return new HoconScalar(source, start, Text, contentStart, contiguous ? null : offsets, Quoted, Substitution);
    }
}
