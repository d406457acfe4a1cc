using System.Globalization;
using System.Text.RegularExpressions;
using Streaming.Scoring.Registry;

namespace Streaming.Node.MLflow;

/// <summary>
/// A filter of a search: comparisons with <c>and</c> between them, such as <c>metrics.auc &gt; 0.8 and params.leaves = '15'</c>.
/// </summary>
internal sealed partial class MlflowFilter
{
    // Each is looked up in each run.
    private const int TermsMax = 100;
    private readonly List<(string Name, string Operator, string Value)> _terms = [];

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
            filter.Add(term);
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

    private static bool Holds((string Name, string Operator, string Value) term, object? found)
    {
        if (found is null)
        {
            return false;
        }

        if (found is double number)
        {
            return double.TryParse(term.Value, NumberStyles.Float, CultureInfo.InvariantCulture, out var bound)
                ? Compare(term.Operator, number.CompareTo(bound))
                : throw MlflowRequest.Wrong($"{term.Name} is compared with '{term.Value}', expected a number");
        }

        var text = (string)found;
        return term.Operator switch
        {
            "LIKE" => Like(text, term.Value, RegexOptions.None),
            "ILIKE" => Like(text, term.Value, RegexOptions.IgnoreCase),
            _ => Compare(term.Operator, string.CompareOrdinal(text, term.Value)),
        };
    }

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

    private void Add(Match term)
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
        var value = term.Groups["text"].Success
            ? term.Groups["text"].Value.Replace("''", "'", StringComparison.Ordinal)
            : term.Groups["number"].Value;
        _terms.Add((kind + name[(dot + 1)..], term.Groups["op"].Value.ToUpperInvariant(), value));
    }

    [GeneratedRegex(
        """\G\s*(?<name>\w+(\.(\w[\w.-]*|`[^`]+`|"[^"]+"))?)\s*(?<op>!=|<=|>=|==|=|<|>|(?i:i?like)\b)\s*""" +
        """('(?<text>([^']|'')*)'|"(?<text>[^"]*)"|(?<number>[-+]?[\d.]+([eE][-+]?\d+)?))""",
        RegexOptions.ExplicitCapture)]
    private static partial Regex Term();

    [GeneratedRegex(@"\G\s*(?i:and)\b")]
    private static partial Regex And();
}
