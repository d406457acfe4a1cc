using Avro;
using Streaming.Contracts.Schemas;

namespace Streaming.Contracts.Codecs;

/// <summary>Finds the writer's field in which an event's bytes are wrong, by passing over its fields one by one. Runs for faults only.</summary>
internal static class FaultyField
{
    /// <summary>The fault with the field's name and type; as it is when no field holds it (bytes after the last).</summary>
    public static DecodeFault Name(Schema writer, ReadOnlySpan<byte> payload, DecodeFault fault)
    {
        var reader = new AvroReader(payload);
        foreach (var field in ((RecordSchema)writer).Fields)
        {
            Skip(ref reader, field.Schema);
            if (reader.Fault.Kind != DecodeFaultKind.None || reader.Position > fault.Position || IsBehindItsBranch(reader.Position, fault))
            {
                return fault with { Field = $"{field.Name} ({SchemaFacts.Describe(field.Schema)})" };
            }
        }

        return fault;
    }

    /// <summary>A branch that the reader lacks is noticed behind its index, where a null ends.</summary>
    private static bool IsBehindItsBranch(int position, DecodeFault fault) => fault.Kind == DecodeFaultKind.UnreadableBranch && position == fault.Position;

    private static void Skip(ref AvroReader reader, Schema schema)
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
            default:
                SkipPrimitive(ref reader, SchemaFacts.Base(schema).Tag);
                break;
        }
    }

    private static void SkipItems(ref AvroReader reader, Schema item, bool withKeys)
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
