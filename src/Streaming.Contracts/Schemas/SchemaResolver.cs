using System.Collections.Immutable;
using Avro;

namespace Streaming.Contracts.Schemas;

/// <summary>
/// Avro's schema resolution as a tree, for pairs that <see cref="SchemaCompatibility"/> has found readable at least in part.
/// </summary>
internal static class SchemaResolver
{
    /// <summary>
    /// Resolves a pair of records, or says why that is impossible. A fault that concerns only some values (a branch, a symbol) does not
    /// prevent it: those values are faults when they are read.
    /// </summary>
    public static Resolved.Fields? TryResolve(Schema writer, RecordSchema reader, out ImmutableArray<Incompatibility> faults)
    {
        if (writer is not RecordSchema record || !SchemaFacts.IsCompilable(writer) || !SchemaFacts.IsCompilable(reader))
        {
            faults = [Unsupported(writer, reader)];
            return null;
        }

        faults = SchemaCompatibility.Check(reader, writer).RemoveAll(incompatibility => incompatibility.IsPartial);
        return faults.IsEmpty ? ResolveRecord(record, reader) : null;
    }

    private static Incompatibility Unsupported(Schema writer, RecordSchema reader) => new(
        IncompatibilityKind.Unsupported,
        reader.Name,
        $"the writer has {SchemaFacts.Describe(writer)}, and an event must be a record that does not contain itself and has at most " +
        $"{SchemaFacts.MaxNodes} parts in all",
        "write a flat record");

    private static Resolved Resolve(Schema writer, Schema reader)
    {
        if (writer is UnionSchema branches)
        {
            return new Resolved.Branches([.. branches.Schemas.Select(branch => Resolve(branch, reader))]);
        }

        if (reader is UnionSchema choices)
        {
            var choice = choices.Schemas.FirstOrDefault(
                branch => SchemaFacts.Base(branch).Tag == SchemaFacts.Base(writer).Tag && Accepts(branch, writer))
                ?? choices.Schemas.FirstOrDefault(branch => Accepts(branch, writer));
            return choice is null ? new Resolved.Unreadable() : Resolve(writer, choice);
        }

        return ResolveSingle(writer, reader);
    }

    private static Resolved ResolveSingle(Schema writer, Schema reader) => LogicalTypes.Takes(reader, writer) switch
    {
        false => new Resolved.Unreadable(),
        true when LogicalTypes.ScaleOf(writer) is { } scale =>
            new Resolved.Decimal(SchemaFacts.Base(writer) is FixedSchema fixedSchema ? fixedSchema.Size : -1, scale),
        _ => ResolveBase(writer, reader),
    };

    private static Resolved ResolveBase(Schema writer, Schema reader) => (SchemaFacts.Base(writer), SchemaFacts.Base(reader)) switch
    {
        (RecordSchema from, RecordSchema to) => Accepts(to, from) ? ResolveRecord(from, to) : new Resolved.Unreadable(),
        (EnumSchema from, EnumSchema to) => ResolveSymbols(from, to),
        (ArraySchema or MapSchema or FixedSchema, ArraySchema or MapSchema or FixedSchema) => new Resolved.Unmapped(writer),
        ({ Tag: Schema.Type.Null }, { Tag: Schema.Type.Null }) => new Resolved.Null(),
        var (from, to) when Promotions.Take(from.Tag, to.Tag) => new Resolved.Scalar(from.Tag, to.Tag, UnitOf(writer, reader)),
        _ => new Resolved.Unreadable(),
    };

    private static Resolved.Fields ResolveRecord(RecordSchema writer, RecordSchema reader)
    {
        var written = ImmutableArray.CreateBuilder<ResolvedField>();
        foreach (var field in writer.Fields)
        {
            var target = NameResolution.ReaderOf(writer, reader, field);
            written.Add(new ResolvedField(field, target, target is null ? null : Resolve(field.Schema, target.Schema)));
        }

        var missing = reader.Fields.Where(field => NameResolution.WriterOf(writer, reader, field) is null);
        return new Resolved.Fields(written.ToImmutable(), [.. missing]);
    }

    private static Resolved.Symbols ResolveSymbols(EnumSchema writer, EnumSchema reader)
    {
        var fallback = reader.Default is null ? -1 : reader.Ordinal(reader.Default);
        return new Resolved.Symbols(
            [.. writer.Symbols.Select(symbol => reader.Contains(symbol) ? reader.Ordinal(symbol) : fallback)], reader);
    }

    private static TimeUnit UnitOf(Schema writer, Schema reader) =>
        TimeUnits.Of(writer) is var unit and not TimeUnit.None ? unit : TimeUnits.Of(reader);

    private static bool Accepts(Schema reader, Schema writer) =>
        SchemaCompatibility.Check(reader, writer).All(incompatibility => incompatibility.IsPartial);
}
