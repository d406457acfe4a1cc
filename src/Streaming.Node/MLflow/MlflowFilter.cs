using System.Globalization;
using System.Text.RegularExpressions;
using Streaming.Scoring.Registry;

namespace Streaming.Node.MLflow;

/// <summary>
/// A filter of a search: comparisons with <c>and</c> between them, such as <c>metrics.auc &gt; 0.8 and params.leaves = '15'</c>, or
/// <c>run_id IN ('a', 'b')</c>.
/// </summary>
internal sealed partial class MlflowFilter
{
    // Each is looked up in each run.
    private const int TermsMax = 100;

    private const string Value = """(?<value>'([^']|'')*'|"[^"]*"|[-+]?[\d.]+([eE][-+]?\d+)?)""";
    private readonly List<Comparison> _terms = [];

    private MlflowFilter()
    {
    }

    /// <summary>Reads a filter; an empty one is fulfilled by everything.</summary>
    /// <exception cref="RegistryException">It is none, or has what is not understood here.</exception>
    public static MlflowFilter Parse(string text)
    {
        var (filter, at) = (new MlflowFilter(), 0);
        if (string.IsNullOrWhiteSpace(text))
        {
            return filter;
        }

        while (true)
        {
            var term = Term().Match(text, at);
            at += term.Success ? term.Length : throw NotUnderstood(text);
            filter.Add(term, text);
            if (filter._terms.Count > TermsMax)
            {
                throw MlflowRequest.Wrong($"the filter has more than {TermsMax} comparisons; make several searches of it");
            }

            if (And().Match(text, at) is not { Success: true } and)
            {
                return string.IsNullOrWhiteSpace(text[at..]) ? filter : throw NotUnderstood(text);
            }

            at += and.Length;
        }
    }

    /// <summary>Whether something fulfils it.</summary>
    /// <param name="valueOf">The value of a name, such as <c>metrics.auc</c>: a text, a double, or null for none.</param>
    public bool Holds(Func<string, object?> valueOf) => _terms.TrueForAll(term => Holds(term, valueOf(term.Name)));

    private static bool Holds(Comparison term, object? found)
    {
        if (found is null)
        {
            return false;
        }

        if (found is double number)
        {
            return term.Listed is { } numbers
                ? numbers.Any(listed => number == NumberOf(term, listed)) != term.IsNegated
                : Compare(term.Operator, number.CompareTo(NumberOf(term, term.Value)));
        }

        var text = (string)found;
        return term.Operator switch
        {
            _ when term.Listed is { } texts => texts.Contains(text) != term.IsNegated,
            "LIKE" => Like(text, term.Value, RegexOptions.None),
            "ILIKE" => Like(text, term.Value, RegexOptions.IgnoreCase),
            _ => Compare(term.Operator, string.CompareOrdinal(text, term.Value)),
        };
    }

    private static double NumberOf(Comparison term, string text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
            ? number
            : throw MlflowRequest.Wrong($"{term.Name} is compared with '{text}', expected a number");

    private static bool Compare(string op, int order) => op switch
    {
        "=" or "==" => order == 0,
        "!=" => order != 0,
        "<" => order < 0,
        "<=" => order <= 0,
        ">" => order > 0,
        ">=" => order >= 0,
        _ => throw MlflowRequest.Wrong($"{op} is for texts only"),
    };

    private static bool Like(string text, string pattern, RegexOptions options) => Regex.IsMatch(
        text,
        "^" + Regex.Escape(pattern).Replace("%", ".*", StringComparison.Ordinal).Replace("_", ".", StringComparison.Ordinal) + "$",
        options | RegexOptions.NonBacktracking | RegexOptions.Singleline | RegexOptions.CultureInvariant);

    private static RegistryException NotUnderstood(string text) => MlflowRequest.Wrong(
        $"the filter \"{text}\" is not understood; expected comparisons such as name = 'fraud' or metrics.auc > 0.8, with 'and' between");

    private void Add(Match term, string filter)
    {
        var name = term.Groups["name"].Value.Replace("`", "", StringComparison.Ordinal).Replace("\"", "", StringComparison.Ordinal);
        var dot = name.IndexOf('.', StringComparison.Ordinal);
        var kind = dot < 0 ? "" : name[..dot] switch
        {
            "attribute" or "attributes" or "attr" or "run" => "",
            "tag" or "tags" => "tags.",
            "param" or "params" or "parameter" or "parameters" => "params.",
            "metric" or "metrics" => "metrics.",
            var other => throw MlflowRequest.Wrong($"'{other}' cannot be filtered by; expected attributes, tags, params or metrics"),
        };
        var op = term.Groups["op"].Value.ToUpperInvariant();
        var values = term.Groups["value"].Captures.Select(static capture => Unquoted(capture.Value)).ToList();
        var isListed = term.Groups["list"].Success;
        if (op.EndsWith("IN", StringComparison.Ordinal) != isListed)
        {
            throw NotUnderstood(filter);
        }

        _terms.Add(new(kind + name[(dot + 1)..], op, values[0], isListed ? [.. values] : null));
    }

    private static string Unquoted(string value) => value[0] switch
    {
        '\'' => value[1..^1].Replace("''", "'", StringComparison.Ordinal),
        '"' => value[1..^1],
        _ => value,
    };

    [GeneratedRegex(
        """\G\s*(?<name>\w+(\.(\w[\w.-]*|`[^`]+`|"[^"]+"))?)\s*(?<op>!=|<=|>=|==|=|<|>|(?i:i?like|in|not\s+in)\b)\s*""" +
        "(" + Value + """|(?<list>\()\s*""" + Value + """(\s*,\s*""" + Value + """)*\s*,?\s*\))""",
        RegexOptions.ExplicitCapture)]
    private static partial Regex Term();

    [GeneratedRegex(@"\G\s*(?i:and)\b")]
    private static partial Regex And();

    private sealed record Comparison(string Name, string Operator, string Value, HashSet<string>? Listed)
    {
        public bool IsNegated => Operator.StartsWith("NOT", StringComparison.Ordinal);
    }
}
