using System.Collections.Immutable;
using Streaming.Features.Events;
using Streaming.Features.Numerics;
using Streaming.Hocon;

namespace Streaming.Offline.Parquet;

/// <summary>Which column of a file holds which field of an event, where the names differ (<c>--map card_id=customer_id,...</c>).</summary>
public sealed class ColumnMap
{
    /// <summary>Every field is read from the column of its own name.</summary>
    public static readonly ColumnMap Empty = new(ImmutableDictionary<string, string>.Empty, "");

    /// <summary>As <see cref="Empty"/>, where nobody can say otherwise.</summary>
    public static readonly ColumnMap Fixed = new(ImmutableDictionary<string, string>.Empty, "") { IsOption = false };

    private readonly ImmutableDictionary<string, string> _columns;
    private readonly string _prefix;

    private ColumnMap(ImmutableDictionary<string, string> columns, string prefix) => (_columns, _prefix) = (columns, prefix);

    /// <summary>Whether a column can be named by <c>--map</c>.</summary>
    public bool IsOption { get; private init; } = true;

    /// <summary>The fields that are mapped.</summary>
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

        return new(columns.ToImmutable(), "");
    }

    /// <summary>Checks that every field that is mapped is one of the source's.</summary>
    /// <exception cref="TableFormatException">One is not; names the nearest that is.</exception>
    public void Check(EventSource source)
    {
        ArgumentNullException.ThrowIfNull(source);
        var fields = source.Fields.Select(field => field.Name).ToList();
        if (Fields.Order(StringComparer.Ordinal).FirstOrDefault(field => !fields.Contains(field)) is { } unknown)
        {
            throw new TableFormatException(
                $"--map: an event of '{source.Name}' has no field '{unknown}'{NearestName.Phrase(unknown, fields, "; it has ", '\'')}");
        }
    }

    /// <summary>Checks that every field that is mapped is one of these.</summary>
    /// <exception cref="TableFormatException">One is not; names the nearest that is.</exception>
    public void Check(IReadOnlyList<string> fields)
    {
        ArgumentNullException.ThrowIfNull(fields);
        if (Fields.Order(StringComparer.Ordinal).FirstOrDefault(field => !fields.Contains(field)) is { } unknown)
        {
            throw new TableFormatException($"--map: there is no '{unknown}'{NearestName.Phrase(unknown, fields, "; there are ", '\'')}");
        }
    }

    /// <summary>The part that is about one of several sources: what is mapped as <c>source.field</c>.</summary>
    public ColumnMap Of(EventSource source)
    {
        ArgumentNullException.ThrowIfNull(source);
        var prefix = source.Name + ".";
        return new(
            _columns.Where(pair => pair.Key.StartsWith(prefix, StringComparison.Ordinal))
                .ToImmutableDictionary(pair => pair.Key[prefix.Length..], pair => pair.Value),
            prefix);
    }

    /// <summary>How a field is named to <c>--map</c>.</summary>
    public string Option(string field) => _prefix + field;

    /// <summary>What is wrong with a row whose column holds nothing that an event's field can be, and how to fix it.</summary>
    /// <param name="field">The field.</param>
    /// <param name="isKey">Whether it names an entity.</param>
    /// <param name="rule">What it takes, where its type does not say it.</param>
    public string Refusal(SourceField field, bool isKey, string? rule = null)
    {
        ArgumentNullException.ThrowIfNull(field);
        var takes = field.Type switch
        {
            _ when rule is not null => $" ({rule})",
            FieldType.Number => $" ({NumberRange.Rule})",
            FieldType.Time => $" ({EventLimits.TimeRule}, and not within 116 days of 1970, where times in seconds fall)",
            FieldType.Text when isKey => $" ({EventLimits.KeyRule}, in UTF-8)",
            FieldType.Text => " (text is UTF-8)",
            _ => string.Empty,
        };
        return $"column '{ColumnOf(field.Name)}' holds no value that the event's field '{field.Name}' takes{takes}; fix the row, or map " +
            $"another column (--map {Option(field.Name)}=COLUMN)";
    }

    /// <summary>The column that holds a field.</summary>
    public string ColumnOf(string field) => _columns.GetValueOrDefault(field, field);
}
