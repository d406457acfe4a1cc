using Streaming.Features.Language;
using Streaming.Features.Layout;

namespace Streaming.Features.Aggregations;

/// <summary>One use of an aggregation while its view is compiled: hands out columns, totals and words of the entity's state.</summary>
internal sealed class AggregationUse(LayoutBuilder layout, AggregationDefinition definition, int window)
{
    private readonly HashSet<int> _columns = [];

    /// <summary>What was declared.</summary>
    public AggregationDefinition Definition { get; } = definition;

    /// <summary>Whether the use has no window.</summary>
    public bool IsLifetime => Definition.Windows.IsEmpty;

    /// <summary>The columns that were handed out.</summary>
    public IEnumerable<int> Columns => _columns;

    /// <summary>Whether every event counts: <c>"*"</c> and no condition.</summary>
    public bool TakesAll => Definition.Inputs.IsEmpty && Definition.Where is null;

    /// <summary>
    /// The column of an input (or of ones for <c>"*"</c>) under the use's condition; the same column for the same values.
    /// </summary>
    public int Column(InputKind kind, int input = 0)
    {
        var column = layout.Column(kind, Definition.Inputs.IsEmpty ? null : Definition.Inputs[input], Definition.Where);
        _columns.Add(column);
        return column;
    }

    /// <summary>The word of a running total over the use's window; shared with other features that need the same.</summary>
    public int Total(Accumulator accumulator, int column) => layout.Total(window, accumulator, column);

    /// <summary>Words of the entity's state for what evicted events leave behind; zero at first.</summary>
    public int BaseWords(int count) =>
        layout.BaseWords(count, $"{Definition.Aggregation.Value}({Identity}) where {Definition.Where?.Canonical ?? "true"}");

    /// <summary>
    /// Two words of the entity's state for the newest evicted event with a value in a column: whether there is one, and its time. Shared
    /// by all lifetime features of the column.
    /// </summary>
    public int NewestWords(int column) => layout.NewestWords(column);

    private string Identity => string.Join(", ", Definition.Inputs.Select(i => i.Canonical));

    /// <summary>Asks that events of equal time be kept in the order of the log.</summary>
    public void RequireOrder() => layout.RequireOrder();
}
