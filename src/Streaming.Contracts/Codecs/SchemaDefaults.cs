using System.Text;
using Avro;
using Newtonsoft.Json.Linq;
using Streaming.Contracts.Schemas;

namespace Streaming.Contracts.Codecs;

/// <summary>
/// A field's default as the schema's JSON gives it, in the forms that codecs need; it is a value of its type
/// (<see cref="DefaultValues"/>).
/// </summary>
internal static class SchemaDefaults
{
    public static bool IsNull(Field field) => field.DefaultValue is null or { Type: JTokenType.Null };

    public static double Number(Field field) => (double)field.DefaultValue!;

    /// <summary>Text as UTF-8; bytes are given as one character a byte (ISO 8859-1), by Avro's specification.</summary>
    public static byte[] Bytes(Field field)
    {
        var isBytes = SchemaFacts.Single(field.Schema, out _) is { } schema && SchemaFacts.Base(schema).Tag == Schema.Type.Bytes;
        return (isBytes ? Encoding.Latin1 : Encoding.UTF8).GetBytes((string)field.DefaultValue!);
    }

    public static long Millis(Field field)
    {
        var value = (long)field.DefaultValue!;
        return SchemaFacts.Single(field.Schema, out _) is { } schema ? TimeUnits.ToMillis(value, TimeUnits.Of(schema)) : value;
    }

    /// <summary>Appends a value in Avro's encoding; a union's default may be of any of its branches.</summary>
    public static void Write(AvroBuffer output, Schema schema, JToken value)
    {
        switch (SchemaFacts.Base(schema))
        {
            case UnionSchema union:
                var branch = union.Schemas.ToList().FindIndex(candidate => DefaultValues.Fits(candidate, value));
                output.WriteLong(branch);
                Write(output, union.Schemas[branch], value);
                break;
            case EnumSchema symbols:
                output.WriteLong(symbols.Ordinal((string)value!));
                break;
            case ArraySchema array:
                WriteBlock(output, [.. value], item => Write(output, array.ItemSchema, item));
                break;
            case MapSchema map:
                WriteBlock(output, [.. ((JObject)value).Properties()], entry => WriteEntry(output, map, entry));
                break;
            case RecordSchema record:
                record.Fields.ForEach(field => Write(output, field.Schema, value[field.Name] ?? field.DefaultValue));
                break;
            case FixedSchema:
                output.WriteRaw(Encoding.Latin1.GetBytes((string)value!));
                break;
            default:
                WritePrimitive(output, SchemaFacts.Base(schema).Tag, value);
                break;
        }
    }

    private static void WriteBlock<T>(AvroBuffer output, List<T> items, Action<T> write)
    {
        if (items.Count > 0)
        {
            output.WriteLong(items.Count);
            items.ForEach(write);
        }

        output.WriteLong(0);
    }

    private static void WriteEntry(AvroBuffer output, MapSchema map, JProperty entry)
    {
        output.WriteText(entry.Name);
        Write(output, map.ValueSchema, entry.Value);
    }

    private static void WritePrimitive(AvroBuffer output, Schema.Type type, JToken value)
    {
        switch (type)
        {
            case Schema.Type.Null:
                break;
            case Schema.Type.Boolean:
                output.WriteBoolean((bool)value);
                break;
            case Schema.Type.Int or Schema.Type.Long:
                output.WriteLong((long)value);
                break;
            case Schema.Type.Float:
                output.WriteFloat((float)value);
                break;
            case Schema.Type.Double:
                output.WriteDouble((double)value);
                break;
            case Schema.Type.String:
                output.WriteText((string)value!);
                break;
            case Schema.Type.Bytes:
                output.WriteBytes(Encoding.Latin1.GetBytes((string)value!));
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(type), type, "not a primitive");
        }
    }
}
