using Streaming.Features.Events;
using Streaming.Features.Language.Expressions;
using Streaming.Hocon;

namespace Streaming.Features.Language;

/// <summary>Expressions over what a feature service reads and its request, for rules that stand beside a model.</summary>
public static class ServiceExpressions
{
    /// <summary>Reads a condition such as <c>request.amount > 220 and card_activity.tx_count_1d >= 5</c>.</summary>
    /// <param name="text">The expression as written.</param>
    /// <param name="reads">The view features that it may name, and their types; the index is the slot that it is evaluated with.</param>
    /// <param name="request">The source whose fields <c>request.FIELD</c> means; null for none.</param>
    /// <param name="diagnostics">Where mistakes go.</param>
    /// <returns>A flag expression; null when there is a mistake.</returns>
    public static Expression? ReadCondition(
        HoconScalar text, IReadOnlyList<(string FullName, FieldType Type)> reads, EventSource? request, List<Diagnostic> diagnostics)
    {
        var source = new ExpressionSource(text.Text, text.PositionOf, diagnostics.Add);
        var expression = ExpressionBinder.Bind(source, new ReadScope(reads, request));
        if (expression is null or { Type: FieldType.Flag })
        {
            return expression;
        }

        diagnostics.Add(LanguageDiagnostics.OperandType(text.Position, "a condition", expression.Type, "a flag"));
        return null;
    }

    private sealed class ReadScope(IReadOnlyList<(string FullName, FieldType Type)> reads, EventSource? request) : ExpressionScope
    {
        public override Expression? Resolve(string name, int start, ExpressionSource source)
        {
            for (var slot = 0; slot < reads.Count; slot++)
            {
                if (reads[slot].FullName == name)
                {
                    return new FeatureSlot(slot, name, reads[slot].Type);
                }
            }

            var prefix = Names.Request + ".";
            if (request is not null
                && name.StartsWith(prefix, StringComparison.Ordinal)
                && request.IndexOf(name[prefix.Length..]) is var field and >= 0)
            {
                return FieldOf(request, field, name);
            }

            var known = reads.Select(read => read.FullName).Concat(request?.Fields.Select(one => prefix + one.Name) ?? []);
            source.Report(
                LanguageDiagnostics.UnknownFeature(
                    source.PositionOf(start), name, "request.FIELD or a feature that the service reads", known));
            return null;
        }
    }
}
