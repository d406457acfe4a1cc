using Avro;

namespace Streaming.Contracts.Schemas;

/// <summary>Questions about a schema that Apache.Avro leaves to its callers.</summary>
internal static class SchemaFacts
{
    /// <summary>The parts that a schema may have once it is written out.</summary>
    public const int MaxNodes = 10_000;

    /// <summary>What <see cref="MinBytes"/> ends at; a length before it still fits an integer.</summary>
    public const int MaxMinBytes = int.MaxValue - 1;

    private const long TooMany = MaxNodes + 1L;

    /// <summary>What is on the wire: the schema without its logical type.</summary>
    public static Schema Base(Schema schema) => schema is LogicalSchema logical ? logical.BaseSchema : schema;

    /// <summary>
    /// The one schema beside null, or the schema itself when it is no union; null for a union of several, or of null alone.
    /// </summary>
    public static Schema? Single(Schema schema, out bool nullable)
    {
        nullable = false;
        if (schema is not UnionSchema union)
        {
            return schema;
        }

        Schema? single = null;
        foreach (var branch in union.Schemas)
        {
            if (branch.Tag == Schema.Type.Null)
            {
                nullable = true;
            }
            else if (single is null)
            {
                single = branch;
            }
            else
            {
                return null;
            }
        }

        return single;
    }

    /// <summary>
    /// The fewest bytes that a value takes, or <see cref="MaxMinBytes"/> where they are more: what bounds a hostile count of items. For
    /// schemas that <see cref="IsCompilable"/>.
    /// </summary>
    public static int MinBytes(Schema schema) => Base(schema) switch
    {
        FixedSchema fixedSchema => Math.Min(fixedSchema.Size, MaxMinBytes),
        RecordSchema record => (int)Math.Min(record.Fields.Sum(field => (long)MinBytes(field.Schema)), MaxMinBytes),
        { Tag: Schema.Type.Null } => 0,
        { Tag: Schema.Type.Float } => 4,
        { Tag: Schema.Type.Double } => 8,
        _ => 1,
    };

    /// <summary>
    /// Whether a schema may become straight code: no named schema contains itself, and with each written out wherever it is named there
    /// are at most <see cref="MaxNodes"/> parts. A few named records that name each other twice would be billions.
    /// </summary>
    public static bool IsCompilable(Schema schema) => Nodes(schema, new(ReferenceEqualityComparer.Instance)) <= MaxNodes;

    /// <summary>A schema as a person would write it in a message.</summary>
    public static string Describe(Schema schema) => schema switch
    {
        UnionSchema union => $"[{string.Join(", ", union.Schemas.Select(Describe))}]",
        LogicalSchema logical => $"{Describe(logical.BaseSchema)} ({logical.LogicalTypeName})",
        ArraySchema array => $"array of {Describe(array.ItemSchema)}",
        MapSchema map => $"map of {Describe(map.ValueSchema)}",
        FixedSchema fixedSchema => $"fixed {fixedSchema.Name} of {fixedSchema.Size} bytes",
        EnumSchema symbols => $"enum {symbols.Name}",
        RecordSchema record => $"record {record.Name}",
        _ => schema.Name,
    };

    /// <summary>
    /// The parts of a schema written out; more than <see cref="MaxNodes"/> for one within itself. Each record is looked at once, and known
    /// by reference: Apache.Avro hashes the content, which is as much as the schema written out.
    /// </summary>
    private static long Nodes(Schema schema, Dictionary<Schema, long> known)
    {
        schema = Base(schema);
        if (schema is not RecordSchema record)
        {
            return 1 + schema switch
            {
                UnionSchema union => union.Schemas.Sum(branch => Nodes(branch, known)),
                ArraySchema array => Nodes(array.ItemSchema, known),
                MapSchema map => Nodes(map.ValueSchema, known),
                _ => 0,
            };
        }

        if (!known.TryGetValue(record, out var nodes))
        {
            known.Add(record, TooMany);
            nodes = Math.Min(1 + record.Fields.Sum(field => Nodes(field.Schema, known)), TooMany);
            known[record] = nodes;
        }

        return nodes;
    }
}
