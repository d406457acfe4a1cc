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
        if (!nullable)
        {
            return !IsNull(row) && TryWriteValue(output, row);
        }

        if (IsNull(row))
        {
            output.WriteLong(_nullBranch);
            return true;
        }

        output.WriteLong(_valueBranch);
        return TryWriteValue(output, row);
    }

    protected abstract bool IsNull(int row);

    protected abstract bool TryWriteValue(AvroBuffer output, int row);
}

/// <summary>Text in UTF-8; an id of an id's length.</summary>
internal sealed class AvroTextColumn(TextColumn column, bool isId, bool nullable, int nullBranch) : AvroColumn(nullable, nullBranch)
{
    protected override bool IsNull(int row) => column.IsNull(row);

    protected override bool TryWriteValue(AvroBuffer output, int row)
    {
        var text = column[row];
        output.WriteBytes(text);
        return Utf8.IsValid(text) && (!isId || text.Length is > 0 and <= EventLimits.KeyBytesMax);
    }
}

/// <summary>A double.</summary>
internal sealed class AvroNumberColumn(NumberColumn column, bool nullable, int nullBranch) : AvroColumn(nullable, nullBranch)
{
    protected override bool IsNull(int row) => double.IsNaN(column.Values[row]);

    protected override bool TryWriteValue(AvroBuffer output, int row)
    {
        output.WriteDouble(column.Values[row]);
        return NumberRange.Contains(column.Values[row]);
    }
}

/// <summary>A flag: 0 or 1.</summary>
internal sealed class AvroFlagColumn(NumberColumn column, bool nullable, int nullBranch) : AvroColumn(nullable, nullBranch)
{
    protected override bool IsNull(int row) => double.IsNaN(column.Values[row]);

    protected override bool TryWriteValue(AvroBuffer output, int row)
    {
        output.WriteBoolean(column.Values[row] != 0);
        return column.Values[row] is 0 or 1;
    }
}

/// <summary>An instant in milliseconds, as an event may have it.</summary>
internal sealed class AvroTimeColumn(TimeColumn column, bool nullable, int nullBranch) : AvroColumn(nullable, nullBranch)
{
    protected override bool IsNull(int row) => column.Values[row] == TimeColumn.Null;

    protected override bool TryWriteValue(AvroBuffer output, int row)
    {
        output.WriteLong(column.Values[row]);
        return EventLimits.IsEventTime(column.Values[row]);
    }
}

/// <summary>A symbol of an enum, by its name.</summary>
internal sealed class AvroSymbolColumn(TextColumn column, EnumSchema schema, bool nullable, int nullBranch)
    : AvroColumn(nullable, nullBranch)
{
    private readonly byte[][] _symbols = [.. schema.Symbols.Select(Encoding.UTF8.GetBytes)];

    protected override bool IsNull(int row) => column.IsNull(row);

    protected override bool TryWriteValue(AvroBuffer output, int row)
    {
        var met = column[row];
        for (var i = 0; i < _symbols.Length; i++)
        {
            if (met.SequenceEqual(_symbols[i]))
            {
                output.WriteLong(i);
                return true;
            }
        }

        return false;
    }
}

/// <summary>The same bytes for every row: a field's default.</summary>
internal sealed class AvroDefaultColumn(byte[] bytes) : AvroColumn(nullable: false, nullBranch: 0)
{
    protected override bool IsNull(int row) => false;

    protected override bool TryWriteValue(AvroBuffer output, int row)
    {
        output.WriteRaw(bytes);
        return true;
    }
}
