// Hot: each column is evaluated once per event.
using System.Buffers.Binary;
using System.IO.Hashing;
using Streaming.Features.Events;
using Streaming.Features.Language;
using Streaming.Features.Numerics;

namespace Streaming.Features.Layout;

/// <summary>How an aggregation wants its input kept: 8 bytes an event in every case.</summary>
internal enum InputKind
{
    /// <summary>A double; absent is NaN.</summary>
    Number,

    /// <summary>A 64-bit hash of the value; absent is 0.</summary>
    Hash,

    /// <summary>A code of the view's <see cref="TextTable"/>; absent is -1.</summary>
    Text,
}

/// <summary>
/// One input of a view's aggregations as a column of entity state: the value of an expression where a condition holds, absent
/// elsewhere. Features that share input and condition share the column.
/// </summary>
internal sealed class InputColumn(InputKind kind, Expression? input, Expression? where)
{
    /// <summary>What stands for an absent number.</summary>
    public static readonly long AbsentNumber = BitConverter.DoubleToInt64Bits(double.NaN);

    /// <summary>How values are kept.</summary>
    public InputKind Kind { get; } = kind;

    /// <summary>Columns with the same identity hold the same values.</summary>
    public string Identity { get; } = $"{kind}({input?.Canonical ?? "1"}) where {where?.Canonical ?? "true"}";

    /// <summary>Whether a stored value stands for an event that does not contribute.</summary>
    public static bool IsAbsent(InputKind kind, long value) => kind switch
    {
        InputKind.Number => double.IsNaN(BitConverter.Int64BitsToDouble(value)),
        InputKind.Hash => value == 0,
        _ => value < 0,
    };

    /// <summary>The value to keep for an event. A new text is added to <paramref name="texts"/> unless that is null.</summary>
    public long Evaluate(in ExpressionContext context, TextTable? texts, bool mayAddText)
    {
        var holds = where is null || where.Evaluate(context) == 1;
        return Kind switch
        {
            InputKind.Number => holds ? Number(context) : AbsentNumber,
            InputKind.Hash => holds ? Hash(context) : 0,
            _ => holds && input!.TryEvaluateText(context, out var text) ? Code(text, texts!, mayAddText) : -1,
        };
    }

    /// <summary>The text of a row again, for a text that is in no table.</summary>
    public bool TryEvaluateText(in ExpressionContext context, out ReadOnlySpan<byte> text) => input!.TryEvaluateText(context, out text);

    /// <summary>Calls <paramref name="visit"/> with every event field that the column reads.</summary>
    public void VisitFields(Action<int> visit)
    {
        input?.VisitFields(visit);
        where?.VisitFields(visit);
    }

    private static long Code(ReadOnlySpan<byte> text, TextTable texts, bool mayAdd) => mayAdd ? texts.CodeOf(text) : texts.Find(text);

    private long Number(in ExpressionContext context)
    {
        var number = input is null ? 1.0 : Value(context);
        return double.IsNaN(number) ? AbsentNumber : BitConverter.DoubleToInt64Bits(number);
    }

    // One beyond the range is null, for its sums would not be exact; -0 becomes 0: they are one value.
    private double Value(in ExpressionContext context) =>
        input!.Evaluate(context) is var number && NumberRange.Contains(number) ? number + 0.0 : double.NaN;

    private long Hash(in ExpressionContext context)
    {
        if (input!.Type == FieldType.Text)
        {
            return input.TryEvaluateText(context, out var text) ? (long)XxHash3.HashToUInt64(text) | 1 : 0;
        }

        var number = Value(context);
        if (double.IsNaN(number))
        {
            return 0;
        }

        Span<byte> bytes = stackalloc byte[sizeof(double)];
        BinaryPrimitives.WriteDoubleLittleEndian(bytes, number);
        return (long)XxHash3.HashToUInt64(bytes) | 1;
    }
}
