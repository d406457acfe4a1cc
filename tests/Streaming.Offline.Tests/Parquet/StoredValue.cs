using System.Runtime.InteropServices;
using ParquetSharp;
using ParquetSharp.Schema;
using Streaming.Features.Events;
using Streaming.Features.Numerics;
using Streaming.Offline.Parquet;
using Encoding = System.Text.Encoding;

namespace Streaming.Offline.Tests.Parquet;

/// <summary>One value of a physical and a logical type, written as a column that may or may not be null.</summary>
internal sealed record StoredValue(PhysicalType Physical, Func<LogicalType> Logical, object Value, int Width = -1)
{
    public const string Refused = "refused";
    public const string Column = "v";

    /// <summary>Writes it; a column that may be null has a null behind it.</summary>
    public void Write(string file, bool optional)
    {
        using var logical = Logical();
        using var node = new PrimitiveNode(Column, optional ? Repetition.Optional : Repetition.Required, logical, Physical, Width);
        using var schema = new GroupNode("schema", Repetition.Required, [node]);
        using var builder = new WriterPropertiesBuilder();
        using var properties = builder.Build();
        using var writer = new ParquetFileWriter(file, schema, properties);
        using (var group = writer.AppendRowGroup())
        using (var column = group.NextColumn())
        {
            Write(column, optional);
        }

        writer.Close();
    }

    /// <summary>What a column of a file says in its first row as a field of that type; <see cref="Refused"/> with the error otherwise.</summary>
    public static (string Value, string? Error) Read(string file, string column, FieldType type)
    {
        try
        {
            using var table = TableFile.Open(file);
            using var group = table.OpenRowGroup(0);
            EventColumn into = type switch { FieldType.Text => new TextColumn(), FieldType.Time => new TimeColumn(), _ => new NumberColumn() };
            group.Read(table.ColumnOf(column, ColumnMap.Empty), type, into);
            return into is NumberColumn numbers && type == FieldType.Number && !double.IsNaN(numbers.Values[0]) && !NumberRange.Contains(numbers.Values[0])
                ? (Refused, NumberRange.Rule)
                : (Text(into, 0), null);
        }
        catch (TableFormatException error)
        {
            return (Refused, error.Message);
        }
    }

    public static string Text(EventColumn column, int row) => column switch
    {
        NumberColumn numbers => double.IsNaN(numbers.Values[row]) ? "null" : FormattableString.Invariant($"{numbers.Values[row]:R}"),
        TimeColumn times => times.Values[row] == TimeColumn.Null ? "null" : new EventTime(times.Values[row]).ToString(),
        TextColumn texts => texts.IsNull(row) ? "null" : Encoding.UTF8.GetString(texts[row]),
        _ => throw new ArgumentOutOfRangeException(nameof(column)),
    };

    private void Write(ColumnWriter writer, bool optional)
    {
        switch (Value)
        {
            case bool value:
                Write(writer, value, optional);
                break;
            case int value:
                Write(writer, value, optional);
                break;
            case long value:
                Write(writer, value, optional);
                break;
            case float value:
                Write(writer, value, optional);
                break;
            case double value:
                Write(writer, value, optional);
                break;
            case Int96 value:
                Write(writer, value, optional);
                break;
            case byte[] value:
                var handle = GCHandle.Alloc(value, GCHandleType.Pinned);
                if (Physical == PhysicalType.ByteArray)
                {
                    Write(writer, new ByteArray(handle.AddrOfPinnedObject(), value.Length), optional);
                }
                else
                {
                    Write(writer, new FixedLenByteArray(handle.AddrOfPinnedObject()), optional);
                }

                handle.Free();
                break;
            default:
                throw new InvalidOperationException($"no writer for {Value.GetType()}");
        }
    }

    private static void Write<T>(ColumnWriter writer, T value, bool optional)
        where T : unmanaged
    {
        if (optional)
        {
            ((ColumnWriter<T>)writer).WriteBatch(2, [1, 0], default, [value]);
        }
        else
        {
            ((ColumnWriter<T>)writer).WriteBatch([value]);
        }
    }
}
