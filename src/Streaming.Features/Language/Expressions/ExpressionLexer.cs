using System.Globalization;
using Streaming.Hocon;

namespace Streaming.Features.Language.Expressions;

/// <summary>Cuts an expression into tokens.</summary>
internal sealed class ExpressionLexer(ExpressionSource source)
{
    /// <summary>In the order in which they are tried: the longer one first.</summary>
    private static readonly string[] s_symbols =
    [
        "==", "!=", "<=", ">=", "&&", "||", "<", ">", "+", "-", "*", "/", "%", "(", ")", ",", "!",
    ];

    private readonly string _text = source.Text;
    private int _at;

    /// <summary>All tokens and an End; null when there is a mistake, which is reported.</summary>
    public List<Token>? ReadAll()
    {
        var tokens = new List<Token>();
        while (true)
        {
            while (_at < _text.Length && char.IsWhiteSpace(_text[_at]))
            {
                _at++;
            }

            if (_at == _text.Length)
            {
                tokens.Add(new Token(TokenKind.End, _at, ""));
                return tokens;
            }

            if (ReadToken() is not { } token)
            {
                return null;
            }

            tokens.Add(token);
        }
    }

    public static bool IsNameStart(char c) => char.IsAsciiLetter(c) || c == '_';

    public static bool IsNamePart(char c) => char.IsAsciiLetterOrDigit(c) || c == '_';

    private Token? ReadToken()
    {
        var c = _text[_at];
        return IsNameStart(c) ? ReadName()
            : char.IsAsciiDigit(c) ? ReadNumber()
            : c is '\'' or '"' ? ReadText(c)
            : ReadSymbol();
    }

    private Token ReadName()
    {
        var start = _at;
        do
        {
            _at++;
            while (_at < _text.Length && IsNamePart(_text[_at]))
            {
                _at++;
            }
        }
        while (_at + 1 < _text.Length && _text[_at] == '.' && IsNameStart(_text[_at + 1]));
        return new Token(TokenKind.Name, start, _text[start.._at]);
    }

    private Token? ReadNumber()
    {
        var start = _at;
        SkipDigits();
        if (_at + 1 < _text.Length && _text[_at] == '.' && char.IsAsciiDigit(_text[_at + 1]))
        {
            _at++;
            SkipDigits();
        }

        SkipExponent();
        var numberEnd = _at;
        while (_at < _text.Length && IsNamePart(_text[_at]))
        {
            _at++;
        }

        var text = _text[start.._at];
        double value;
        if (numberEnd < _at)
        {
            if (!Duration.TryParse(text, out var millis))
            {
                return Unexpected(start, text, "a number, or a duration such as 30m or 7d");
            }

            value = millis;
        }
        else if (!double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out value) || !double.IsFinite(value))
        {
            return Unexpected(start, text, "a number of at most 1.7e308");
        }

        return new Token(TokenKind.Number, start, text, value);
    }

    private void SkipDigits()
    {
        while (_at < _text.Length && char.IsAsciiDigit(_text[_at]))
        {
            _at++;
        }
    }

    private void SkipExponent()
    {
        var rest = _text.AsSpan(_at);
        var sign = rest.Length > 1 && rest[1] is '+' or '-' ? 1 : 0;
        if (rest.Length > 1 + sign && rest[0] is 'e' or 'E' && char.IsAsciiDigit(rest[1 + sign]))
        {
            _at += 1 + sign;
            SkipDigits();
        }
    }

    private Token? ReadText(char quote)
    {
        var start = _at++;
        while (true)
        {
            var end = _text.IndexOf(quote, _at);
            if (end < 0)
            {
                source.Report(LanguageDiagnostics.TextUnclosed(source.PositionOf(start), quote.ToString()));
                return null;
            }

            _at = end + 1;
            if (_at == _text.Length || _text[_at] != quote)
            {
                var doubled = new string(quote, 2);
                return new Token(TokenKind.Text, start, _text[(start + 1)..end].Replace(doubled, doubled[1..], StringComparison.Ordinal));
            }

            _at++;
        }
    }

    private Token? ReadSymbol()
    {
        foreach (var symbol in s_symbols)
        {
            if (string.CompareOrdinal(_text, _at, symbol, 0, symbol.Length) == 0)
            {
                _at += symbol.Length;
                return new Token(TokenKind.Symbol, _at - symbol.Length, symbol);
            }
        }

        return _text[_at] == '='
            ? Unexpected(_at, "=", "== to compare")
            : Unexpected(_at, char.IsSurrogate(_text[_at]) ? "\uFFFD" : _text[_at].ToString(), "a name, a number, a 'text' or an operator");
    }

    private Token? Unexpected(int at, string found, string expected)
    {
        source.Report(LanguageDiagnostics.ExpressionUnexpected(source.PositionOf(at), $"\"{found}\"", expected));
        return null;
    }
}
