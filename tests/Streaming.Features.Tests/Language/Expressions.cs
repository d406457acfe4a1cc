using System.Text;
using Streaming.Features.Events;
using Streaming.Features.Language;
using Streaming.Features.Language.Expressions;
using Streaming.Hocon;

namespace Streaming.Features.Tests.Language;

/// <summary>Expressions over <see cref="Registry.Transactions"/>, and rows to evaluate them on.</summary>
internal static class Expressions
{
    public static Expression? Bind(string text, List<Diagnostic> diagnostics) =>
        ExpressionBinder.Bind(Source(text, diagnostics), new EventScope(Registry.Transactions));

    public static Expression Bind(string text)
    {
        var diagnostics = new List<Diagnostic>();
        var expression = Bind(text, diagnostics);
        Assert.True(expression is not null && diagnostics.Count == 0, $"{text}: {string.Join("\n", diagnostics)}");
        return expression!;
    }

    public static ExpressionSource Source(string text, List<Diagnostic> diagnostics) =>
        new(text, offset => new SourcePosition("expression", 1, offset + 1), diagnostics.Add);

    /// <summary>One event; fields that are not given are null. Texts are strings, flags bools, times longs, numbers doubles.</summary>
    public static EventBatch Row(Dictionary<string, object?> values)
    {
        var batch = new EventBatch(Registry.Transactions, [], 1) { Count = 1 };
        for (var i = 0; i < Registry.Transactions.Fields.Length; i++)
        {
            var value = values.GetValueOrDefault(Registry.Transactions.Fields[i].Name);
            switch (batch[i])
            {
                case NumberColumn numbers:
                    numbers.Values[0] = value is bool flag ? flag ? 1 : 0 : value as double? ?? double.NaN;
                    break;
                case TimeColumn times:
                    times.Values[0] = value as long? ?? TimeColumn.Null;
                    break;
                case TextColumn texts when value is string text:
                    texts.Buffer = Encoding.UTF8.GetBytes("?" + text);
                    texts.Set(0, 1, texts.Buffer.Length - 1);
                    break;
                case TextColumn texts:
                    texts.SetNull(0);
                    break;
                default:
                    throw new InvalidOperationException($"field {i} has no column");
            }
        }

        return batch;
    }

    /// <summary>The value as a text, a double, or null.</summary>
    public static object? Evaluate(Expression expression, EventBatch batch)
    {
        var context = new ExpressionContext(batch, 0);
        if (expression.Type == FieldType.Text)
        {
            return expression.TryEvaluateText(context, out var text) ? Encoding.UTF8.GetString(text) : null;
        }

        var value = expression.Evaluate(context);
        return double.IsNaN(value) ? null : value;
    }
}
