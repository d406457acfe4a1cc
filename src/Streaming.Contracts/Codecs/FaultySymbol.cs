using Avro;
using Streaming.Contracts.Schemas;

namespace Streaming.Contracts.Codecs;

/// <summary>Passes over values, and keeps the symbol of the enum that stands where the fault is.</summary>
internal struct FaultySymbol(int position)
{
    public string? Symbol { get; private set; }

    public void Skip(ref AvroReader reader, Schema schema)
    {
        switch (SchemaFacts.Base(schema))
        {
            case UnionSchema union:
                if (reader.ReadBranch(union.Count) is >= 0 and var branch)
                {
                    Skip(ref reader, union.Schemas[branch]);
                }

                break;
            case RecordSchema record:
                foreach (var field in record.Fields)
                {
                    Skip(ref reader, field.Schema);
                }

                break;
            case ArraySchema array:
                SkipItems(ref reader, array.ItemSchema, withKeys: false);
                break;
            case MapSchema map:
                SkipItems(ref reader, map.ValueSchema, withKeys: true);
                break;
            case FixedSchema fixedSchema:
                reader.SkipFixed(fixedSchema.Size);
                break;
            case EnumSchema symbols:
                SkipSymbol(ref reader, symbols);
                break;
            default:
                SkipPrimitive(ref reader, SchemaFacts.Base(schema).Tag);
                break;
        }
    }

    private void SkipItems(ref AvroReader reader, Schema item, bool withKeys)
    {
        var least = SchemaFacts.MinBytes(item) + (withKeys ? 1 : 0);
        if (least == 0)
        {
            reader.SkipFixedItems(0);
            return;
        }

        for (int left; (left = reader.SkipBlock(least)) > 0;)
        {
            for (; left > 0 && reader.Fault.Kind == DecodeFaultKind.None; left--)
            {
                if (withKeys)
                {
                    reader.SkipBytes();
                }

                Skip(ref reader, item);
            }
        }
    }

    private void SkipSymbol(ref AvroReader reader, EnumSchema symbols)
    {
        var at = reader.Position;
        var symbol = reader.ReadLong();
        if (at == position && symbol >= 0 && symbol < symbols.Count)
        {
            Symbol = symbols[(int)symbol];
        }
    }

    private static void SkipPrimitive(ref AvroReader reader, Schema.Type type)
    {
        switch (type)
        {
            case Schema.Type.Null:
                break;
            case Schema.Type.Boolean:
                reader.SkipFixed(1);
                break;
            case Schema.Type.Float:
                reader.SkipFixed(4);
                break;
            case Schema.Type.Double:
                reader.SkipFixed(8);
                break;
            case Schema.Type.String or Schema.Type.Bytes:
                reader.SkipBytes();
                break;
            default:
                reader.SkipLong();
                break;
        }
    }
}
