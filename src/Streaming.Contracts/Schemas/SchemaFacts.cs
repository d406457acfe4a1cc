using System.Runtime.CompilerServices;
using Avro;
using Newtonsoft.Json;
using Newtonsoft.Json.Linq;

namespace Streaming.Contracts.Schemas;

/// <summary>Questions about a schema that Apache.Avro leaves to its callers.</summary>
internal static class SchemaFacts
{
    /// <summary>The parts that a schema may have once it is written out.</summary>
    public const int MaxNodes = 10_000;

    /// <summary>What <see cref="MinBytes"/> ends at; a length before it still fits an integer.</summary>
    public const int MaxMinBytes = int.MaxValue - 1;

    private const long TooMany = MaxNodes + 1L;
    private static readonly ConditionalWeakTable<NamedSchema, HashSet<string>> s_aliases = [];

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

    /// <summary>Whether names agree as schema resolution asks: unqualified, or by an alias of the reader.</summary>
    public static bool SameName(NamedSchema reader, NamedSchema writer) =>
        reader.Name == writer.Name || AliasesOf(reader).Contains(writer.Name);

    /// <summary>The reader's field that takes a writer's field; null when none does, or when it takes another of the writer's.</summary>
    public static Field? ReaderOf(RecordSchema writer, RecordSchema reader, Field writerField) =>
        Named(reader, writerField.Name) is { } target && ReferenceEquals(WriterOf(writer, reader, target), writerField) ? target : null;

    /// <summary>
    /// The writer's field that a reader's field takes its value from, or null: that of its own name, else that of an
    /// alias, since a writer in the middle of a renaming has both.
    /// </summary>
    public static Field? WriterOf(RecordSchema writer, RecordSchema reader, Field readerField) =>
        writer.Fields.Find(field => field.Name == readerField.Name)
            ?? writer.Fields.Find(field => ReferenceEquals(Named(reader, field.Name), readerField));

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

    /// <summary>The reader's field of a name, or else with an alias of it.</summary>
    private static Field? Named(RecordSchema reader, string writerField)
    {
        foreach (var field in reader.Fields)
        {
            if (field.Name == writerField)
            {
                return field;
            }
        }

        foreach (var field in reader.Fields)
        {
            if (field.Aliases is { } aliases && aliases.Contains(writerField))
            {
                return field;
            }
        }

        return null;
    }

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

    private static HashSet<string> AliasesOf(NamedSchema schema) => s_aliases.GetValue(schema, ReadAliases);

    /// <summary>
    /// Apache.Avro keeps the aliases of named schemas to itself, but writes them. With what the schema contains: that may be deeper than
    /// the schema's own text was, and is passed over.
    /// </summary>
    private static HashSet<string> ReadAliases(NamedSchema schema)
    {
        using var json = new JsonTextReader(new StringReader(schema.ToString())) { MaxDepth = null };
        while (json.Read())
        {
            if (json is { Depth: 1, TokenType: JsonToken.PropertyName, Value: "aliases" } && json.Read())
            {
                return [.. JArray.Load(json).Select(alias => ((string)alias!).Split('.')[^1])];
            }
        }

        return [];
    }
}
