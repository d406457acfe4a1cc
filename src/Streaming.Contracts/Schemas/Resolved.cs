using System.Collections.Immutable;
using Avro;

namespace Streaming.Contracts.Schemas;

/// <summary>How a writer's value becomes a reader's: one node a writer's schema, decided once and then compiled.</summary>
internal abstract record Resolved
{
    public sealed record Null : Resolved;

    /// <summary>A primitive. <see cref="Unit"/> is the writer's if it has one, else the reader's.</summary>
    public sealed record Scalar(Schema.Type Wire, Schema.Type Value, TimeUnit Unit) : Resolved;

    /// <summary>A decimal that becomes a number. <see cref="Size"/> is that of a fixed, -1 for bytes.</summary>
    public sealed record Decimal(int Size, int Scale) : Resolved;

    /// <summary>The reader's index of each of the writer's symbols; -1 for none.</summary>
    public sealed record Symbols(int[] WriterToReader, EnumSchema Reader) : Resolved;

    /// <summary>Fields in the order of the writer, and the reader's fields that the writer lacks.</summary>
    public sealed record Fields(ImmutableArray<ResolvedField> Written, ImmutableArray<Field> Missing) : Resolved;

    /// <summary>One node a branch of the writer's union.</summary>
    public sealed record Branches(ImmutableArray<Resolved> OfWriter) : Resolved;

    /// <summary>The reader has no place for it: meeting it is a fault.</summary>
    public sealed record Unreadable : Resolved;

    /// <summary>A type that no column holds (array, map, fixed): readable by Avro's rules, here only to be skipped.</summary>
    public sealed record Unmapped(Schema Writer) : Resolved;
}

/// <summary>A writer's field and the reader's field that takes it; null when it is skipped.</summary>
internal sealed record ResolvedField(Field Writer, Field? Reader, Resolved? Value);
