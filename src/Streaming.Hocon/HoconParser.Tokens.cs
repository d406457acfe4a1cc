using System.Globalization;

namespace Streaming.Hocon;

internal sealed partial class HoconParser
{
    /// <summary>What an unquoted text may not hold, by HOCON's specification.</summary>
    private const string Reserved = "$\"{}[]:=,+#`^?!@*&\\";

    private readonly record struct PathElement(string Key, SourcePosition Position);

    private List<PathElement>? ReadPath()
    {
        var path = new List<PathElement>();
        do
        {
            SkipInline();
            var start = _at;
            var key = new ScalarBuilder();
            while (_at < _text.Length && !AtComment() && !(Peek() is '.' or '\n' || Reserved.Contains(Peek()) && Peek() != '"'))
            {
                if (!ReadPiece(key))
                {
                    return null;
                }
            }

            if (key.IsEmpty)
            {
                Unexpected("a key");
                return null;
            }

            path.Add(new PathElement(key.Text, source.PositionAt(start)));
        }
        while (Accept('.'));
        return path;
    }

    private HoconNode ReadScalar()
    {
        var start = _at;
        var scalar = new ScalarBuilder();
        while (_at < _text.Length && !AtComment() && Peek() is not ('\n' or ',' or '}' or ']' or '{' or '['))
        {
            if (AtSubstitution())
            {
                scalar.Substitution = true;
                var from = _at;
                if (!ReadSubstitution())
                {
                    return Fault(start);
                }

                scalar.Append(_text, from, _at - from);
            }
            else if (Peek() != '"' && Reserved.Contains(Peek()))
            {
                Unexpected("a value (a text with such a character needs quotes)");
                return Fault(start);
            }
            else if (!ReadPiece(scalar))
            {
                return Fault(start);
            }
        }

        if (scalar.IsEmpty)
        {
            Unexpected("a value");
            return Fault(start);
        }

        return scalar.Build(source, start);
    }

    private HoconFault Fault(int start) => new(source.PositionAt(start));

    /// <summary>Reads a quoted text or one character of an unquoted one.</summary>
    private bool ReadPiece(ScalarBuilder target)
    {
        if (_text.AsSpan(_at).StartsWith("\"\"\""))
        {
            return ReadTripleQuoted(target);
        }

        if (Peek() == '"')
        {
            return ReadQuoted(target);
        }

        if (IsSpace(Peek()))
        {
            target.AppendSpace(_text[_at], _at);
        }
        else
        {
            target.Append(_text, _at, 1);
        }

        _at++;
        return true;
    }

    private bool ReadTripleQuoted(ScalarBuilder target)
    {
        var start = _at;
        var end = _text.IndexOf("\"\"\"", start + 3, StringComparison.Ordinal);
        if (end < 0)
        {
            _at = _text.Length;
            return Report(HoconDiagnostics.Unclosed(source.PositionAt(start), "\"\"\"", "\"\"\""));
        }

        while (end + 3 < _text.Length && _text[end + 3] == '"')
        {
            end++;
        }

        target.Quoted = true;
        target.Append(_text, start + 3, end - start - 3);
        _at = end + 3;
        return true;
    }

    private bool ReadQuoted(ScalarBuilder target)
    {
        var start = _at++;
        target.Quoted = true;
        while (_at < _text.Length && Peek() is not '\n')
        {
            if (Accept('"'))
            {
                target.Keep();
                return true;
            }

            if (Peek() != '\\')
            {
                target.Append(_text, _at++, 1);
            }
            else if (!ReadEscape(target))
            {
                return false;
            }
        }

        // What follows the quote is rather the rest of the object than of the text.
        _at = start + 1;
        return Report(HoconDiagnostics.Unclosed(source.PositionAt(start), "\"", "\""));
    }

    private bool ReadEscape(ScalarBuilder target)
    {
        const string escapes = "\"\\/bfnrt", meanings = "\"\\/\b\f\n\r\t";
        var start = _at;
        var kind = _at + 1 < _text.Length ? escapes.IndexOf(_text[_at + 1]) : -1;
        if (kind >= 0)
        {
            target.Append(meanings[kind], start);
            _at += 2;
            return true;
        }

        if (_at + 6 <= _text.Length && _text[_at + 1] == 'u'
            && ushort.TryParse(_text.AsSpan(_at + 2, 4), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var code))
        {
            target.Append((char)code, start);
            _at += 6;
            return true;
        }

        return Report(
            HoconDiagnostics.BadEscape(source.PositionAt(start), _text.AsSpan(start, Math.Min(2, _text.Length - start)).Trim().ToString()));
    }

    private bool AtSubstitution() => _text.AsSpan(_at).StartsWith("${");

    private bool ReadSubstitution()
    {
        var start = _at;
        var end = _text.AsSpan(start).IndexOfAny('}', '\n');
        if (end < 0 || _text[start + end] == '\n')
        {
            return Report(HoconDiagnostics.Unclosed(source.PositionAt(start), "${", "}"));
        }

        _at = start + end + 1;
        _substitutions.Add(new Located<string>(_text[start.._at], source.PositionAt(start)));
        return true;
    }

    private void SkipSubstitutions()
    {
        while (AtSubstitution() && ReadSubstitution())
        {
            SkipInline();
        }
    }

    private bool AtInclude()
    {
        const string word = "include";
        if (!_text.AsSpan(_at).StartsWith(word))
        {
            return false;
        }

        var rest = _text.AsSpan(_at + word.Length);
        var trimmed = rest.TrimStart(" \t");
        return trimmed.Length < rest.Length
            && (trimmed.StartsWith("\"") || trimmed.StartsWith("required(") || trimmed.StartsWith("file(") || trimmed.StartsWith("url(")
                || trimmed.StartsWith("classpath("));
    }

    private bool ReadInclude()
    {
        var start = _at;
        var line = _text.AsSpan(start);
        var end = line.IndexOfAny("\n,}");
        _at = end < 0 ? _text.Length : start + end;
        _includes.Add(new Located<string>(_text[start.._at].TrimEnd(), source.PositionAt(start)));
        return true;
    }

    private bool AtEndOfValue()
    {
        SkipInline();
        return _at == _text.Length || Peek() is '\n' or ',' or '}' or ']' || AtComment() || Unexpected("a comma or a new line");
    }

    private bool AtComment() => Peek() == '#' || _text.AsSpan(_at).StartsWith("//");

    private static bool IsSpace(char c) => c != '\n' && (char.IsWhiteSpace(c) || c == '\uFEFF');

    private char Peek() => _at < _text.Length ? _text[_at] : '\0';

    private bool Accept(char c)
    {
        if (_at < _text.Length && _text[_at] == c)
        {
            _at++;
            return true;
        }

        return false;
    }

    private void SkipInline()
    {
        while (_at < _text.Length && IsSpace(_text[_at]))
        {
            _at++;
        }
    }

    /// <summary>Skips spaces, line ends and comments.</summary>
    private void SkipBlank()
    {
        for (SkipInline(); _at < _text.Length && (_text[_at] == '\n' || AtComment()); SkipInline())
        {
            var end = _text.IndexOf('\n', _at);
            _at = end < 0 ? _text.Length : end + 1;
        }
    }

    /// <summary>Skips what may stand between members; false at the end of the file.</summary>
    private bool SkipSeparators()
    {
        do
        {
            SkipBlank();
        }
        while (Accept(','));
        return _at < _text.Length;
    }

    private bool Unexpected(string expected)
    {
        var found = _at == _text.Length ? "the end of the file" : Peek() is '\n' || AtComment() ? "the end of the line" : Quote(Peek());
        return Report(HoconDiagnostics.Unexpected(source.PositionAt(_at), found, expected));
    }

    private static string Quote(char c) =>
        char.IsControl(c) || char.IsSurrogate(c) ? string.Create(CultureInfo.InvariantCulture, $"U+{(int)c:X4}") : $"\"{c}\"";

    private bool Report(Diagnostic diagnostic)
    {
        _diagnostics.Add(diagnostic);
        return false;
    }
}
