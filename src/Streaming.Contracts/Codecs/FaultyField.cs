using Avro;
using Streaming.Contracts.Schemas;

namespace Streaming.Contracts.Codecs;

/// <summary>
/// Finds the writer's field in which an event's bytes are wrong, by passing over its fields one by one. Runs for faults only.
/// </summary>
internal static class FaultyField
{
    /// <summary>The fault with the field's name and type; unchanged if no field holds it (bytes after the last).</summary>
    public static DecodeFault Name(RecordSchema writer, RecordSchema reader, ReadOnlySpan<byte> payload, DecodeFault fault)
    {
        var bytes = new AvroReader(payload);
        foreach (var field in writer.Fields)
        {
            var faulty = new FaultySymbol(fault.Position);
            faulty.Skip(ref bytes, field.Schema);
            if (bytes.Fault.Kind != DecodeFaultKind.None || bytes.Position > fault.Position || IsBehindItsBranch(bytes.Position, fault))
            {
                var known = NameResolution.ReaderOf(writer, reader, field) is { } target ? SymbolsOf(target.Schema) : [];
                return fault with
                {
                    Field = $"{field.Name} ({SchemaFacts.Describe(field.Schema)})",
                    Symbol = faulty.Symbol is { } symbol ? $"{symbol} (known: {string.Join(", ", known)})" : null,
                };
            }
        }

        return fault;
    }

    private static IEnumerable<string> SymbolsOf(Schema schema) => schema switch
    {
        UnionSchema union => union.Schemas.SelectMany(SymbolsOf),
        ArraySchema array => SymbolsOf(array.ItemSchema),
        EnumSchema symbols => symbols.Symbols,
        _ => [],
    };

    /// <summary>A branch that the reader lacks is detected after its index, which is where a null ends.</summary>
    private static bool IsBehindItsBranch(int position, DecodeFault fault) =>
        fault.Kind == DecodeFaultKind.UnreadableBranch && position == fault.Position;
}
