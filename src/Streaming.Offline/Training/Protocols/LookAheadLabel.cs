using System.Collections.Immutable;
using Streaming.Features.Events;
using Streaming.Features.Language;
using Streaming.Hocon;

namespace Streaming.Offline.Training.Protocols;

/// <summary>
/// A label that is computed and not read: 1 where an event comes after the row, of the same entity and within some time, else 0. It is
/// known only when that time is over.
/// </summary>
/// <param name="Position">Where it is declared.</param>
/// <param name="Of">The text fields that name the entity together, such as user and item; an event without one of them is neither a row
/// nor foreseen.</param>
/// <param name="Rows">The condition that makes an event a row; null for all events.</param>
/// <param name="LastOf">Of the rows with one value of this text field, the last is kept; null where all are.</param>
/// <param name="Next">The condition of an event that is foreseen.</param>
/// <param name="WithinMillis">How long after the row it counts: later than the row, at the latest at its time and this.</param>
public sealed record LookAheadLabel(
    SourcePosition Position,
    ImmutableArray<Located<string>> Of,
    HoconScalar? Rows,
    Located<string>? LastOf,
    HoconScalar Next,
    long WithinMillis)
{
    /// <summary>Holds it to the rows' source; null when there is a mistake, which is reported.</summary>
    internal LookAheadRule? Compile(EventSource source, List<Diagnostic> diagnostics)
    {
        var mistakes = diagnostics.Count;
        ImmutableArray<int> of = [.. Of.Select(named => TextField("of", named))];
        var lastOf = LastOf is { } last ? TextField("last-of", last) : -1;
        var rows = Rows is null ? null : ServiceExpressions.ReadCondition(Rows, [], source, diagnostics);
        var next = ServiceExpressions.ReadCondition(Next, [], source, diagnostics);
        return diagnostics.Count > mistakes ? null : new(of, rows, lastOf, next!, WithinMillis);

        int TextField(string key, Located<string> named)
        {
            var texts = source.Fields.Where(field => field.Type == FieldType.Text).Select(field => field.Name).ToArray();
            if (!texts.Contains(named.Value))
            {
                diagnostics.Add(ProtocolDiagnostics.WrongField(named.Position, key, named.Value, $"a text of {source.Name}", texts));
            }

            return source.IndexOf(named.Value);
        }
    }
}

/// <summary>A label's rule over one source.</summary>
/// <param name="Of">The fields that name the entity.</param>
/// <param name="Rows">Which events are rows; null for all.</param>
/// <param name="LastOf">The field of whose values only the last row is kept; -1 for none.</param>
/// <param name="Next">Which events are foreseen.</param>
/// <param name="WithinMillis">How long after a row.</param>
internal sealed record LookAheadRule(ImmutableArray<int> Of, Expression? Rows, int LastOf, Expression Next, long WithinMillis)
{
    /// <summary>The fields that are read as values.</summary>
    public IEnumerable<int> Values
    {
        get
        {
            var fields = new HashSet<int>();
            Rows?.VisitFields(index => fields.Add(index));
            Next.VisitFields(index => fields.Add(index));
            return fields;
        }
    }

    /// <summary>The fields that are read as keys.</summary>
    public IEnumerable<int> Keys => LastOf < 0 ? Of : Of.Add(LastOf);

    /// <summary>Whether an event is a row.</summary>
    public bool IsRow(EventBatch batch, int row) => Rows is null || Rows.Evaluate(new ExpressionContext(batch, row)) == 1;

    /// <summary>Whether an event is what is foreseen.</summary>
    public bool IsNext(EventBatch batch, int row) => Next.Evaluate(new ExpressionContext(batch, row)) == 1;
}
