using System.Collections.Immutable;

namespace Streaming.Hocon;

/// <summary>
/// Recursive descent over one file. After a mistake it goes on behind the next comma or line end, to find the others too.
/// </summary>
internal sealed partial class HoconParser(SourceText source)
{
    /// <summary>Deeper nesting than any real file has; it keeps hostile input from exhausting the stack.</summary>
    private const int DepthLimit = 100;

    /// <summary>After this many mistakes the file is probably of another kind, and more reports do not help.</summary>
    private const int MistakeLimit = 50;

    private readonly string _text = source.Text;
    private readonly List<Diagnostic> _diagnostics = [];
    private readonly List<Located<string>> _includes = [];
    private readonly List<Located<string>> _substitutions = [];
    private int _at;
    private int _depth;

    public HoconDocument ReadDocument()
    {
        var root = new HoconObjectBuilder(source.PositionAt(0));
        Accept('\uFEFF');
        SkipBlank();
        if (Peek() == '{')
        {
            ReadObject(root);
            SkipBlank();
            if (_at < _text.Length)
            {
                Unexpected("the end of the file, since its root object is closed");
            }
        }
        else
        {
            ReadMembers(root, opening: null);
        }

        return new HoconDocument(root.Build(), [.. _includes], [.. _substitutions], [.. _diagnostics.Take(MistakeLimit)]);
    }

    private void ReadMembers(HoconObjectBuilder target, int? opening)
    {
        while (SkipSeparators())
        {
            if (Peek() == '}' && opening is not null)
            {
                _at++;
                return;
            }

            var before = _at;
            if (!ReadMember(target) || !AtEndOfValue())
            {
                Recover(before);
            }
        }

        if (opening is { } offset)
        {
            Report(HoconDiagnostics.Unclosed(source.PositionAt(offset), "{", "}"));
        }
    }

    private bool ReadMember(HoconObjectBuilder target)
    {
        if (AtInclude())
        {
            return ReadInclude();
        }

        var path = ReadPath();
        if (path is null)
        {
            return false;
        }

        var keyEnd = _at;
        SkipBlank();
        var append = _text.AsSpan(_at).StartsWith("+=");
        if (append)
        {
            _at += 2;
        }
        else if (!Accept('=') && !Accept(':') && Peek() != '{')
        {
            _at = keyEnd;
            return Unexpected("\"=\", \":\" or \"{\" after the key");
        }

        SkipBlank();
        for (var i = 0; i < path.Count - 1; i++)
        {
            target = target.OpenObject(path[i].Key, path[i].Position, source.PositionAt(_at), isPrefix: true);
        }

        return ReadValueOf(target, path[^1], append);
    }

    private bool ReadValueOf(HoconObjectBuilder target, PathElement key, bool append)
    {
        if (Peek() == '{' && !append)
        {
            ReadObjects(target.OpenObject(key.Key, key.Position, source.PositionAt(_at), isPrefix: false));
            return true;
        }

        var value = ReadValue();
        if (!append)
        {
            target.Set(key.Key, key.Position, value);
        }
        else if (!target.TryAppend(key.Key, key.Position, value))
        {
            Report(
                HoconDiagnostics.Unexpected(
                    key.Position, $"\"+=\" after a value of \"{key.Key}\" that is no array", "an array in brackets as its first value"));
        }

        return value is not HoconFault;
    }

    private HoconNode ReadValue()
    {
        switch (Peek())
        {
            case '{':
                var target = new HoconObjectBuilder(source.PositionAt(_at));
                ReadObjects(target);
                return target.Build();
            case '[':
                return ReadArrays();
            default:
                var value = ReadScalar();
                return value is HoconScalar { Substitution: true } && Peek() is '{' or '[' ? ReadValue() : value;
        }
    }

    /// <summary>Objects (and substitutions) side by side are one object.</summary>
    private void ReadObjects(HoconObjectBuilder target)
    {
        do
        {
            ReadObject(target);
            SkipInline();
            SkipSubstitutions();
        }
        while (Peek() == '{');
    }

    private void ReadObject(HoconObjectBuilder target)
    {
        var opening = _at;
        if (!Enter())
        {
            return;
        }

        _at++;
        ReadMembers(target, opening);
        _depth--;
    }

    /// <summary>Arrays (and substitutions) side by side are one array.</summary>
    private HoconArray ReadArrays()
    {
        var position = source.PositionAt(_at);
        var items = ImmutableArray.CreateBuilder<HoconNode>();
        do
        {
            ReadArray(items);
            SkipInline();
            SkipSubstitutions();
        }
        while (Peek() == '[');
        return new HoconArray(position, items.ToImmutable());
    }

    private void ReadArray(ImmutableArray<HoconNode>.Builder items)
    {
        var opening = _at;
        if (!Enter())
        {
            return;
        }

        _at++;
        while (SkipSeparators() && Peek() != '}')
        {
            if (Accept(']'))
            {
                _depth--;
                return;
            }

            var before = _at;
            items.Add(ReadValue());
            if (items[^1] is HoconFault || !AtEndOfValue())
            {
                Recover(before);
            }
        }

        _depth--;
        Report(_at < _text.Length
            ? HoconDiagnostics.Unexpected(source.PositionAt(_at), "\"}\"", "\"]\", since an array is open")
            : HoconDiagnostics.Unclosed(source.PositionAt(opening), "[", "]"));
    }

    private bool Enter()
    {
        if (++_depth <= DepthLimit)
        {
            return true;
        }

        Report(HoconDiagnostics.TooDeep(source.PositionAt(_at), DepthLimit));
        _at = _text.Length;
        _depth--;
        return false;
    }

    /// <summary>Skips what is left of a faulty member or element, brackets inside it in pairs, and always at least one character.</summary>
    private void Recover(int before)
    {
        var open = 0;
        while (_at < _text.Length)
        {
            var c = _text[_at];
            if (open == 0 && c is '\n' or ',' or '}' or ']')
            {
                break;
            }

            open += c is '{' or '[' ? 1 : c is '}' or ']' ? -1 : 0;
            _at++;
        }

        if (_at == before)
        {
            _at++;
        }
    }
}
