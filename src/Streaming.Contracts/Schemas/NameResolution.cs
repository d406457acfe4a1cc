using System.Runtime.CompilerServices;
using Avro;
using Newtonsoft.Json;
using Newtonsoft.Json.Linq;

namespace Streaming.Contracts.Schemas;

/// <summary>Which names of a writer's and a reader's schema belong together, aliases included, as schema resolution asks.</summary>
internal static class NameResolution
{
    private static readonly ConditionalWeakTable<NamedSchema, HashSet<string>> s_aliases = [];

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
