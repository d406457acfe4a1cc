using Streaming.Scoring.Registry;

namespace Streaming.Node.MLflow;

/// <summary>The order of what a search finds: names such as <c>metrics.auc</c>, with <c>ASC</c> or <c>DESC</c> behind them.</summary>
internal static class MlflowOrder
{
    private static readonly Comparer<object?> s_values = Comparer<object?>.Create(static (one, other) =>
        one is string text ? string.CompareOrdinal(text, other as string) : Comparer<object?>.Default.Compare(one, other));

    /// <summary>Puts things into an order; those without the value come last, equal ones stay as they were.</summary>
    /// <param name="found">The things.</param>
    /// <param name="by">By what, the most important first.</param>
    /// <param name="valueOf">A thing's value by its name: a text, a double, or null for none.</param>
    /// <exception cref="RegistryException">An order is none.</exception>
    public static IOrderedEnumerable<T> By<T>(IEnumerable<T> found, IReadOnlyList<string> by, Func<T, string, object?> valueOf)
    {
        var ordered = found.OrderBy(static _ => 0);
        foreach (var text in by)
        {
            var words = text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
            var isDescending = words.Length == 2 && words[1].Equals("DESC", StringComparison.OrdinalIgnoreCase);
            var isAscending = words.Length == 1 || (words.Length == 2 && words[1].Equals("ASC", StringComparison.OrdinalIgnoreCase));
            if (!isDescending && !isAscending)
            {
                throw MlflowRequest.Wrong($"the order is '{text}', expected a name with ASC or DESC behind it");
            }

            var name = NameOf(words[0]);
            ordered = ordered.ThenBy(each => valueOf(each, name) is null);
            ordered = isDescending
                ? ordered.ThenByDescending(each => valueOf(each, name), s_values)
                : ordered.ThenBy(each => valueOf(each, name), s_values);
        }

        return ordered;
    }

    private static string NameOf(string word)
    {
        var plain = word.Replace("`", "", StringComparison.Ordinal).Replace("\"", "", StringComparison.Ordinal);
        foreach (var (prefix, kind) in ((string, string)[])
            [("attributes.", ""), ("attribute.", ""), ("metric.", "metrics."), ("param.", "params."), ("tag.", "tags.")])
        {
            if (plain.StartsWith(prefix, StringComparison.Ordinal))
            {
                return kind + plain[prefix.Length..];
            }
        }

        return plain;
    }
}
