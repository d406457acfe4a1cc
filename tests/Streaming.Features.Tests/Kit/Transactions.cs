using System.Text;
using Streaming.Features.Events;
using Streaming.Features.Language;

namespace Streaming.Features.Tests.Kit;

/// <summary>One event as a test sees it. Null texts and times are null, null numbers and flags NaN.</summary>
internal sealed record Transaction(
    int Partition, long Offset, long Time, double Amount = double.NaN, double Other = double.NaN, double Fraud = double.NaN, string? Mcc = null, long? Seen = null, string? Id = null);

/// <summary>The source that the tests' views read, its fields as expressions, and batches of its events.</summary>
internal static class Transactions
{
    public static readonly EventSource Source = new("transactions",
    [
        new("card_id", FieldType.Text, Nullable: false),
        new("ts", FieldType.Time, Nullable: false),
        new("amount", FieldType.Number, Nullable: true),
        new("other", FieldType.Number, Nullable: true),
        new("fraud", FieldType.Flag, Nullable: true),
        new("mcc", FieldType.Text, Nullable: true),
        new("seen", FieldType.Time, Nullable: true),
        new("event_id", FieldType.Text, Nullable: true),
    ]);

    /// <summary>The same, of which "seen" says when an event was in the log.</summary>
    public static readonly EventSource Logged = Source with { LogTime = "seen" };

    public static readonly Expression Amount = new Field(2);
    public static readonly Expression Other = new Field(3);
    public static readonly Expression Fraud = new Field(4);
    public static readonly Expression Mcc = new Field(5);
    public static readonly Expression Seen = new Field(6);

    /// <summary>The condition of the kit: <c>other &gt; 0</c>; null where other is.</summary>
    public static readonly Expression OtherIsPositive = new Positive(3);

    public static bool Fulfils(Transaction transaction) => transaction.Other > 0;

    /// <summary>An event as aggregations take it: numbers beyond 2^53 are null.</summary>
    public static Transaction AsInput(Transaction e) => e with { Amount = InRange(e.Amount), Other = InRange(e.Other) };

    /// <summary>Whether a field of an event has a value.</summary>
    public static bool Has(Transaction e, Expression field) => field.Canonical switch
    {
        "amount" => !double.IsNaN(e.Amount),
        "other" => !double.IsNaN(e.Other),
        "fraud" => !double.IsNaN(e.Fraud),
        "mcc" => e.Mcc is not null,
        "seen" => e.Seen is not null,
        _ => throw new ArgumentException($"no field of the kit: {field.Canonical}"),
    };

    /// <summary>A batch of events of one partition, as a partition source makes it.</summary>
    public static EventBatch Batch(params IReadOnlyList<Transaction> events)
    {
        // Views of either source take it.
        var batch = new EventBatch(Source, [], events.Count) { Count = events.Count, Partition = events[0].Partition };
        var texts = new MemoryStream();
        for (var row = 0; row < events.Count; row++)
        {
            var e = events[row];
            batch.Offsets[row] = e.Offset;
            batch.Times(1)[row] = e.Time;
            batch.Numbers(2)[row] = e.Amount;
            batch.Numbers(3)[row] = e.Other;
            batch.Numbers(4)[row] = e.Fraud;
            batch.Times(6)[row] = e.Seen ?? TimeColumn.Null;
            SetText(batch.Texts(0), row, "card", texts);
            SetText(batch.Texts(5), row, e.Mcc, texts);
            SetText(batch.Texts(7), row, e.Id, texts);
        }

        batch.Texts(0).Buffer = batch.Texts(5).Buffer = batch.Texts(7).Buffer = texts.ToArray();
        return batch;
    }

    /// <summary>All rows of a batch.</summary>
    public static int[] Rows(EventBatch batch) => [.. Enumerable.Range(0, batch.Count)];

    private static double InRange(double value) => value is >= -9007199254740992.0 and <= 9007199254740992.0 ? value : double.NaN;

    private static void SetText(TextColumn column, int row, string? text, MemoryStream buffer)
    {
        if (text is null)
        {
            column.SetNull(row);
            return;
        }

        var bytes = Encoding.UTF8.GetBytes(text);
        column.Set(row, (int)buffer.Position, bytes.Length);
        buffer.Write(bytes);
    }

    private sealed class Field(int index) : Expression
    {
        public override FieldType Type => Source.Fields[index].Type;

        public override string Canonical => Source.Fields[index].Name;

        public override double Evaluate(in ExpressionContext context) => Type switch
        {
            FieldType.Time => context.Batch.Times(index)[context.Row] is var time && time != TimeColumn.Null ? time : double.NaN,
            _ => context.Batch.Numbers(index)[context.Row],
        };

        public override bool TryEvaluateText(in ExpressionContext context, out ReadOnlySpan<byte> text)
        {
            var column = context.Batch.Texts(index);
            text = column[context.Row];
            return !column.IsNull(context.Row);
        }

        public override void VisitFields(Action<int> visit) => visit(index);
    }

    private sealed class Positive(int index) : Expression
    {
        public override FieldType Type => FieldType.Flag;

        public override string Canonical => $"({Source.Fields[index].Name} > 0)";

        public override double Evaluate(in ExpressionContext context)
        {
            var value = context.Batch.Numbers(index)[context.Row];
            return double.IsNaN(value) ? double.NaN : value > 0 ? 1 : 0;
        }

        public override void VisitFields(Action<int> visit) => visit(index);
    }
}
