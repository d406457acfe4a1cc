using System.Text;

namespace Streaming.Architecture.Tests;

/// <summary>A C# file without what is no code: comments and the insides of texts become blanks, lines stay where they are.</summary>
internal static class CodeText
{
    /// <summary>Blanks a whole file.</summary>
    public static string[] Of(string[] lines) => Blank(string.Join('\n', lines)).Split('\n');

    private static string Blank(string text)
    {
        var code = new StringBuilder(text.Length);
        for (var at = 0; at < text.Length;)
        {
            var end = SkipAt(text, at);
            if (end == at)
            {
                code.Append(text[at++]);
                continue;
            }

            foreach (var character in text.AsSpan(at, end - at))
            {
                code.Append(character == '\n' ? '\n' : ' ');
            }

            at = end;
        }

        return code.ToString();
    }

    /// <summary>Where the comment or text that starts here ends; here itself where none does.</summary>
    private static int SkipAt(string text, int at)
    {
        var rest = text.AsSpan(at);
        if (rest.StartsWith("//"))
        {
            return End(text, at, "\n");
        }

        if (rest.StartsWith("/*"))
        {
            return End(text, at + 2, "*/") + 2;
        }

        if (rest[0] == '\'')
        {
            return Quoted(text, at, '\'', verbatim: false);
        }

        return rest[0] == '"' ? Text(text, at) : at;
    }

    private static int Text(string text, int at)
    {
        var quotes = 0;
        while (at + quotes < text.Length && text[at + quotes] == '"')
        {
            quotes++;
        }

        if (quotes >= 3)
        {
            return End(text, at + quotes, new string('"', quotes)) + quotes;
        }

        return quotes == 2 ? at + 2 : Quoted(text, at, '"', verbatim: at > 0 && (text[at - 1] == '@' || (at > 1 && text[at - 1] == '$' && text[at - 2] == '@')));
    }

    private static int Quoted(string text, int at, char quote, bool verbatim)
    {
        for (var end = at + 1; end < text.Length; end++)
        {
            if (text[end] == '\\' && !verbatim)
            {
                end++;
            }
            else if (text[end] == quote)
            {
                if (!verbatim || end + 1 >= text.Length || text[end + 1] != quote)
                {
                    return end + 1;
                }

                end++;
            }
            else if (text[end] == '\n' && !verbatim)
            {
                return end;
            }
        }

        return text.Length;
    }

    private static int End(string text, int from, string mark) =>
        text.IndexOf(mark, Math.Min(from, text.Length), StringComparison.Ordinal) is var end and >= 0 ? end : text.Length - (mark == "\n" ? 0 : mark.Length);
}
