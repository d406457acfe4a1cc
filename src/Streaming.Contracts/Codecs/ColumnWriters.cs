// Hot: Write runs once per event and field.
using System.Text;
using System.Text.Unicode;
using Avro;
using Streaming.Features.Events;
using Streaming.Features.Numerics;

namespace Streaming.Contracts.Codecs;

/// <summary>
/// Writes one field of an event from a column, as its Avro schema has it. A null that the schema does not take is refused.
/// </summary>
internal abstract class AvroColumn(bool nullable, int nullBranch)
{
    private readonly long _nullBranch = nullBranch;
    private readonly long _valueBranch = 1 - nullBranch;

    /// <summary>Appends a row's value.</summary>
    /// <returns>False if the row has no value and the field needs one, or a value that the field does not take.</returns>
    public bool TryWrite(AvroBuffer output, int row)
    {
        if (!Takes(row))
        {
            return false;
        }

        var isNull = nullable && IsNull(row);
        if (nullable)
        {
            output.WriteLong(isNull ? _nullBranch : _valueBranch);
        }

        if (!isNull)
        {
            WriteValue(output, row);
        }

        return true;
    }

    /// <summary>Whether the field takes what a row has.</summary>
    public bool Takes(int row) => IsNull(row) ? nullable : TakesValue(row);

    protected abstract bool IsNull(int row);

    protected abstract bool TakesValue(int row);

    protected abstract void WriteValue(AvroBuffer output, int row);
}

/// <summary>Text in UTF-8; an id of an id's length.</summary>
internal sealed class AvroTextColumn(TextColumn column, bool isId, bool nullable, int nullBranch) : AvroColumn(nullable, nullBranch)
{
    protected override bool IsNull(int row) => column.IsNull(row);

    protected override bool TakesValue(int row)
    {
        var text = column[row];
        return Utf8.IsValid(text) && (!isId || (text.Length is > 0 and <= EventLimits.KeyBytesMax && EventLimits.Unseen(text) is null));
    }

    protected override void WriteValue(AvroBuffer output, int row) => output.WriteBytes(column[row]);
}

/// <summary>A double.</summary>
internal sealed class AvroNumberColumn(NumberColumn column, bool nullable, int nullBranch) : AvroColumn(nullable, nullBranch)
{
    protected override bool IsNull(int row) => double.IsNaN(column.Values[row]);

    protected override bool TakesValue(int row) => NumberRange.Contains(column.Values[row]);

    protected override void WriteValue(AvroBuffer output, int row) => output.WriteDouble(column.Values[row]);
}

/// <summary>A flag: 0 or 1.</summary>
internal sealed class AvroFlagColumn(NumberColumn column, bool nullable, int nullBranch) : AvroColumn(nullable, nullBranch)
{
    protected override bool IsNull(int row) => double.IsNaN(column.Values[row]);

    protected override bool TakesValue(int row) => column.Values[row] is 0 or 1;

    protected override void WriteValue(AvroBuffer output, int row) => output.WriteBoolean(column.Values[row] != 0);
}

/// <summary>An instant in milliseconds, as an event may have it.</summary>
internal sealed class AvroTimeColumn(TimeColumn column, bool nullable, int nullBranch) : AvroColumn(nullable, nullBranch)
{
    protected override bool IsNull(int row) => column.Values[row] == TimeColumn.Null;

    protected override bool TakesValue(int row) => EventLimits.IsEventTime(column.Values[row]);

    protected override void WriteValue(AvroBuffer output, int row) => output.WriteLong(column.Values[row]);
}

/// <summary>A symbol of an enum, by its name.</summary>
internal sealed class AvroSymbolColumn(TextColumn column, EnumSchema schema, bool nullable, int nullBranch)
    : AvroColumn(nullable, nullBranch)
{
    private readonly byte[][] _symbols = [.. schema.Symbols.Select(Encoding.UTF8.GetBytes)];

    protected override bool IsNull(int row) => column.IsNull(row);

    protected override bool TakesValue(int row) => SymbolOf(row) >= 0;

    protected override void WriteValue(AvroBuffer output, int row) => output.WriteLong(SymbolOf(row));

    private int SymbolOf(int row)
    {
        var text = column[row];
        var symbol = _symbols.Length - 1;
        while (symbol >= 0 && !text.SequenceEqual(_symbols[symbol]))
        {
            symbol--;
        }

        return symbol;
    }
}

/// <summary>The same bytes for every row: a field's default.</summary>
internal sealed class AvroDefaultColumn(byte[] bytes) : AvroColumn(nullable: false, nullBranch: 0)
{
    protected override bool IsNull(int row) => false;

    protected override bool TakesValue(int row) => true;

    protected override void WriteValue(AvroBuffer output, int row) => output.WriteRaw(bytes);
}
