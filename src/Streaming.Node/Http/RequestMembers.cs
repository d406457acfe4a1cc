using System.Text.Json;

namespace Streaming.Node.Http;

/// <summary>Members of a body in JSON: texts, and what is wrong with them.</summary>
internal static class RequestMembers
{
    /// <summary>The first member that is unknown or given twice.</summary>
    public static Problem? WrongIn(JsonElement element, string path, params string[] known)
    {
        var seen = new HashSet<string>();
        foreach (var name in element.EnumerateObject().Select(member => member.Name))
        {
            if (!known.Contains(name))
            {
                return Problems.UnknownField(name, path, known);
            }

            if (!seen.Add(name))
            {
                return Problems.DuplicateField(path + name);
            }
        }

        return null;
    }

    /// <summary>An object's member that must be a text; the problem if it is missing or something else.</summary>
    public static Problem? TextOf(JsonElement item, string name, string path, string expected, string sample, out string text)
    {
        text = string.Empty;
        return item.TryGetProperty(name, out var value) ? TextOf(value, path, expected, out text) : Problems.MissingField(path, sample);
    }

    /// <summary>A value that must be a text; the problem if it is something else.</summary>
    public static Problem? TextOf(JsonElement value, string path, string expected, out string text)
    {
        text = string.Empty;
        if (value.ValueKind != JsonValueKind.String)
        {
            return Problems.WrongValue(path, $"is {NameOf(value)}, expected {expected}");
        }

        try
        {
            text = value.GetString()!;
            return null;
        }
        catch (InvalidOperationException)
        {
            return Problems.WrongValue(path, "is not valid text: half of a surrogate pair or a byte that is not UTF-8");
        }
    }

    /// <summary>What a value is, for people.</summary>
    public static string NameOf(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object => "an object",
        JsonValueKind.Array => "an array",
        JsonValueKind.String => "a text",
        JsonValueKind.Number => "a number",
        JsonValueKind.Null => "null",
        _ => value.GetRawText(),
    };
}
