namespace Streaming.Architecture.Tests;

/// <summary>How long methods are, by their braces: a block two levels deep or deeper whose head ends in a parenthesis or a constraint.</summary>
internal static class MethodLengths
{
    /// <summary>Methods with a body in braces. Code is without comments and texts, a brace that opens a block on a line of its own.</summary>
    public static IEnumerable<(int FirstLine, int Lines)> Of(string[] code)
    {
        for (var line = 1; line < code.Length; line++)
        {
            if (code[line].Trim() == "{" && IsHead(code, line - 1) && Close(code, line) is var close and > 0)
            {
                var first = Head(code, line - 1);
                yield return (first + 1, close - first + 1);
                line = close;
            }
        }
    }

    // A type's head ends in its name, its bases or a primary constructor; it begins with its modifiers and its kind.
    private static bool IsHead(string[] code, int line)
    {
        var head = string.Join(' ', code[Head(code, line)..(line + 1)].Select(part => part.Trim()));
        return head.Contains('(', StringComparison.Ordinal)
            && !head.Split(' ').Any(word => word is "class" or "record" or "struct" or "interface" or "enum" or "namespace");
    }

    private static int Head(string[] code, int line)
    {
        while (line > 0 && code[line - 1].Trim() is { Length: > 0 } above && !above.EndsWith(';') && !above.EndsWith('}') && !above.EndsWith('{') && !above.StartsWith('['))
        {
            line--;
        }

        return line;
    }

    private static int Close(string[] code, int open)
    {
        var indent = code[open].Length - code[open].TrimStart().Length;
        for (var line = open + 1; line < code.Length; line++)
        {
            if (code[line].Length > indent && code[line][indent] == '}' && code[line].AsSpan(0, indent).IsWhiteSpace())
            {
                return line;
            }
        }

        return -1;
    }
}
