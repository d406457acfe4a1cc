// Hot: every scoring request is looked at, nearly none has the parameter.
using System.Globalization;
using Streaming.Scoring.Definitions;
using Streaming.Scoring.Requests;
using Streaming.Scoring.Turns;

namespace Streaming.Node.Http;

/// <summary>The query parameter <c>explain</c> of scoring requests: true, false, or how many contributions the answer is to have.</summary>
internal static class ExplainQuery
{
    /// <summary>The parameter's name.</summary>
    public const string Name = "explain";

    /// <summary>Sets what the query asks for; null, or what is wrong with it, such as another parameter.</summary>
    public static Problem? Apply(HttpRequest request, ScoreTurn turn) => request.QueryString.HasValue ? Read(request, turn) : null;

    /// <summary>Whether the query has the parameter.</summary>
    public static bool IsIn(HttpRequest request) => request.Query.ContainsKey(Name);

    private static Problem? Read(HttpRequest request, ScoreTurn turn)
    {
        if (QueryParameters.Unknown(request, Name) is { } unknown)
        {
            return unknown;
        }

        if (!request.Query.TryGetValue(Name, out var values))
        {
            return null;
        }

        var text = values.ToString();
        if (text is "true" or "false")
        {
            turn.Explain = text == "false" ? 0 : turn.Explain > 0 ? turn.Explain : ExplainRules.Standard;
            return null;
        }

        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var count) && count <= ExplainRules.Most)
        {
            turn.Explain = count;
            return null;
        }

        return Problems.WrongValue(
            Name, $"is \"{Excerpt.Of(text)}\", expected true, false, or a number from 0 to {ExplainRules.Most}");
    }
}
