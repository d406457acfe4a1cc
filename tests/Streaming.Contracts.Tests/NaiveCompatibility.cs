using System.Collections.Immutable;
using Avro;

namespace Streaming.Contracts.Tests;

/// <summary>
/// The naive twin of <see cref="Streaming.Contracts.Schemas.SchemaCompatibility"/>: walks every path and remembers nothing but the records
/// that it is within. For the types of <see cref="RandomSchemas"/>.
/// </summary>
internal static class NaiveCompatibility
{
    public static bool Takes(Schema reader, Schema writer) => Takes(reader, writer, []);

    private static bool Takes(Schema reader, Schema writer, ImmutableList<(Schema Reader, Schema Writer)> within) => (reader, writer) switch
    {
        (_, UnionSchema branches) => branches.Schemas.All(branch => Takes(reader, branch, within)),
        (UnionSchema branches, _) => branches.Schemas.Any(branch => Takes(branch, writer, within)),
        (RecordSchema to, RecordSchema from) => within.Exists(pair => ReferenceEquals(pair.Reader, to) && ReferenceEquals(pair.Writer, from))
            || (to.Name == from.Name && to.Fields.All(field => TakesField(field, from, within.Add((to, from))))),
        (ArraySchema to, ArraySchema from) => Takes(to.ItemSchema, from.ItemSchema, within),
        _ => reader.Tag == writer.Tag || (writer.Tag == Schema.Type.Int && reader.Tag == Schema.Type.Long),
    };

    private static bool TakesField(Field field, RecordSchema writer, ImmutableList<(Schema Reader, Schema Writer)> within) =>
        writer.Fields.Find(source => source.Name == field.Name) is { } source ? Takes(field.Schema, source.Schema, within) : field.DefaultValue is not null;
}
