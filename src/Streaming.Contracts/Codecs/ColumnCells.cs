// Hot: one call per wanted field of every event, from compiled decoders.
using Streaming.Features.Events;

namespace Streaming.Contracts.Codecs;

/// <summary>What compiled row decoders do with a field's value.</summary>
internal static class ColumnCells
{
    public static void Number(EventBatch batch, int field, int row, double value) =>
        ((NumberColumn)Column(batch, field)).Values[row] = value;

    public static void Flag(EventBatch batch, int field, int row, bool value) =>
        ((NumberColumn)Column(batch, field)).Values[row] = value ? 1 : 0;

    public static void Time(EventBatch batch, int field, int row, long millis) =>
        ((TimeColumn)Column(batch, field)).Values[row] = millis;

    /// <summary>Points at the text where it lies; <see cref="ColumnDecoder"/> has set the column's buffer.</summary>
    public static void Text(ref AvroReader reader, EventBatch batch, int field, int row)
    {
        var start = reader.ReadTextSlice(out var length);
        ((TextColumn)Column(batch, field)).Set(row, reader.Origin + start, length);
    }

    /// <summary>As <see cref="Text"/>, for a reader's schema that says bytes: any will do.</summary>
    public static void Bytes(ref AvroReader reader, EventBatch batch, int field, int row)
    {
        var start = reader.ReadSlice(out var length);
        ((TextColumn)Column(batch, field)).Set(row, reader.Origin + start, length);
    }

    public static void Symbol(ref AvroReader reader, EventBatch batch, int field, int row, int[] writerToReader, TextConstants symbols)
    {
        var symbol = reader.ReadSymbol(writerToReader);
        if (symbol >= 0)
        {
            Constant(batch, field, row, symbols, symbol);
        }
    }

    public static void Constant(EventBatch batch, int field, int row, TextConstants constants, int index)
    {
        var column = (TextColumn)Column(batch, field);
        if (!ReferenceEquals(column.Constants, constants.Bytes))
        {
            column.Constants = constants.Bytes;
        }

        column.SetConstant(row, constants.Start[index], constants.Length[index]);
    }

    public static void Null(EventBatch batch, int field, int row) => Column(batch, field).SetNull(row);

    private static EventColumn Column(EventBatch batch, int field) => batch[field] ?? throw Missing(batch, field);

    private static InvalidOperationException Missing(EventBatch batch, int field) => new(
        $"the batch has no column for {batch.Source.Name}.{batch.Source.Fields[field].Name}: compile the decoder and make the batch with " +
        "the same wanted fields");
}
