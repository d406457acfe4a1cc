namespace Streaming.Features.Language.Expressions;

internal enum TokenKind
{
    End,
    Number,
    Text,
    Name,
    Symbol,
}

/// <summary>A token: for a text its content, otherwise its characters; a number's or duration's value besides.</summary>
internal readonly record struct Token(TokenKind Kind, int Start, string Text, double Value = 0);
