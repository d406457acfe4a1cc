namespace Streaming.Features.Layout;

/// <summary>Builds a table of the texts that are still in use and translates codes of the old one to it.</summary>
internal sealed class TextRecoding(TextTable old)
{
    private readonly Dictionary<long, long> _codes = [];

    /// <summary>The new table.</summary>
    public TextTable Result { get; } = new();

    /// <summary>Whether a code has no text: such a state is damaged.</summary>
    public bool FoundUnknown { get; private set; }

    /// <summary>The new code of a text in use; absent stays absent.</summary>
    public long Translate(long code)
    {
        if (code < 0)
        {
            return code;
        }

        if (code >= old.Count)
        {
            FoundUnknown = true;
            return -1;
        }

        if (!_codes.TryGetValue(code, out var translated))
        {
            translated = Result.Add(old[code]);
            _codes.Add(code, translated);
        }

        return translated;
    }

    /// <summary>Translates a column in place.</summary>
    public void Translate(Span<long> column)
    {
        foreach (ref var code in column)
        {
            code = Translate(code);
        }
    }
}
