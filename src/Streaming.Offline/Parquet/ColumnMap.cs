using System.Collections.Immutable;

namespace Streaming.Offline.Parquet;

/// <summary>Which column of a file holds which field of an event, where the names differ (<c>--map card_id=customer_id,...</c>).</summary>
public sealed class ColumnMap
{
    /// <summary>Every field is read from the column of its own name.</summary>
    public static readonly ColumnMap Empty = new(ImmutableDictionary<string, string>.Empty);

    private readonly ImmutableDictionary<string, string> _columns;

    private ColumnMap(ImmutableDictionary<string, string> columns) => _columns = columns;

    /// <summary>The fields that are mapped, so that a caller can tell a misspelt one.</summary>
    public IEnumerable<string> Fields => _columns.Keys;

    /// <summary>Reads <c>field=column</c> pairs, separated by commas.</summary>
    /// <exception cref="FormatException">A pair is incomplete, or a field occurs twice.</exception>
    public static ColumnMap Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var columns = ImmutableDictionary.CreateBuilder<string, string>();
        foreach (var pair in text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            var parts = pair.Split('=', StringSplitOptions.TrimEntries);
            if (parts.Length != 2 || parts[0].Length == 0 || parts[1].Length == 0)
            {
                throw new FormatException($"map '{text}': '{pair}' is not of the form field=column, such as card_id=customer_id");
            }

            if (!columns.TryAdd(parts[0], parts[1]))
            {
                throw new FormatException($"map '{text}': field '{parts[0]}' occurs twice; name each field once");
            }
        }

        return new(columns.ToImmutable());
    }

    /// <summary>The column that holds a field.</summary>
    public string ColumnOf(string field) => _columns.GetValueOrDefault(field, field);
}
