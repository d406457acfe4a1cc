using Streaming.Features.Events;

namespace Streaming.Features.Language.Expressions;

/// <summary>What the names in an expression may mean.</summary>
internal abstract class ExpressionScope
{
    /// <summary>The node for a name; null when it has no meaning here, which is reported, or when its own declaration is faulty.</summary>
    public abstract Expression? Resolve(string name, int start, ExpressionSource source);

    /// <summary>The node for a field of an event source.</summary>
    public static Expression FieldOf(EventSource source, int index, string name) => source.Fields[index].Type switch
    {
        FieldType.Text => new TextField(index, name),
        FieldType.Time => new TimeField(index, name),
        var type => new NumberField(index, name, type),
    };
}

/// <summary>Names are the fields of one event source.</summary>
internal sealed class EventScope(EventSource events) : ExpressionScope
{
    public override Expression? Resolve(string name, int start, ExpressionSource source)
    {
        var index = events.IndexOf(name);
        if (index >= 0)
        {
            return FieldOf(events, index, name);
        }

        source.Report(LanguageDiagnostics.UnknownField(source.PositionOf(start), name, events));
        return null;
    }
}
