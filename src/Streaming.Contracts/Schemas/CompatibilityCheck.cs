using System.Collections.Immutable;
using Avro;

namespace Streaming.Contracts.Schemas;

/// <summary>One walk over a pair of schemas. Pairs of records are compared once, so recursive schemas end.</summary>
internal sealed class CompatibilityCheck
{
    private readonly ImmutableArray<Incompatibility>.Builder _found = ImmutableArray.CreateBuilder<Incompatibility>();
    private readonly ReadablePairs _readable = new();

    public ImmutableArray<Incompatibility> Found => _found.ToImmutable();

    public void Compare(Schema reader, Schema writer, string path)
    {
        if (LogicalTypes.Takes(reader, writer) is { } takes)
        {
            if (!takes)
            {
                AddTypeMismatch(reader, writer, path);
            }

            return;
        }

        switch (SchemaFacts.Base(reader), SchemaFacts.Base(writer))
        {
            case (_, UnionSchema branches):
                CompareBranches(reader, branches, path);
                break;
            case (UnionSchema branches, _):
                CompareWithAny(branches, writer, path);
                break;
            case (RecordSchema readerRecord, RecordSchema writerRecord):
                CompareRecords(readerRecord, writerRecord, path);
                break;
            case (EnumSchema readerEnum, EnumSchema writerEnum):
                CompareEnums(readerEnum, writerEnum, path);
                break;
            case (FixedSchema readerFixed, FixedSchema writerFixed):
                CompareFixed(readerFixed, writerFixed, path);
                break;
            case (ArraySchema readerArray, ArraySchema writerArray):
                Compare(readerArray.ItemSchema, writerArray.ItemSchema, path + "[]");
                break;
            case (MapSchema readerMap, MapSchema writerMap):
                Compare(readerMap.ValueSchema, writerMap.ValueSchema, path + "{}");
                break;
            default:
                ComparePrimitives(reader, writer, path);
                break;
        }
    }

    /// <summary>The promotions of the specification, and equality.</summary>
    internal static bool Promotes(Schema.Type writer, Schema.Type reader) => writer == reader || (writer, reader) switch
    {
        (Schema.Type.Int, Schema.Type.Long or Schema.Type.Float or Schema.Type.Double) => true,
        (Schema.Type.Long, Schema.Type.Float or Schema.Type.Double) => true,
        (Schema.Type.Float, Schema.Type.Double) => true,
        (Schema.Type.String, Schema.Type.Bytes) or (Schema.Type.Bytes, Schema.Type.String) => true,
        _ => false,
    };

    private void CompareBranches(Schema reader, UnionSchema writer, string path)
    {
        foreach (var branch in writer.Schemas)
        {
            if (!_readable.Takes(reader, branch))
            {
                Add(
                    IncompatibilityKind.MissingUnionBranch,
                    path,
                    $"the writer may write {SchemaFacts.Describe(branch)}, which {SchemaFacts.Describe(reader)} does not take",
                    branch.Tag == Schema.Type.Null
                        ? "make the reader's field nullable"
                        : $"add {SchemaFacts.Describe(branch)} to the reader's union");
            }
        }
    }

    private void CompareWithAny(UnionSchema reader, Schema writer, string path)
    {
        var alike = reader.Schemas.FirstOrDefault(branch => SchemaFacts.Base(branch).Tag == SchemaFacts.Base(writer).Tag);
        if (reader.Schemas.Any(branch => _readable.Takes(branch, writer)))
        {
            return;
        }

        if (alike is not null)
        {
            Compare(alike, writer, path);
            return;
        }

        AddTypeMismatch(reader, writer, path);
    }

    private void CompareRecords(RecordSchema reader, RecordSchema writer, string path)
    {
        if (!_readable.Begin(reader, writer))
        {
            return;
        }

        CompareNames(reader, writer, path);
        foreach (var field in reader.Fields)
        {
            var fieldPath = $"{path}.{field.Name}";
            if (NameResolution.WriterOf(writer, reader, field) is { } source)
            {
                Compare(field.Schema, source.Schema, fieldPath);
            }
            else if (field.DefaultValue is null)
            {
                Add(
                    IncompatibilityKind.MissingDefault,
                    fieldPath,
                    "the reader needs it, the writer does not write it, and it has no default",
                    "give it a default, or an alias with the writer's name for it");
            }
            else
            {
                _found.AddRange(DefaultValues.Check(field, fieldPath));
            }
        }
    }

    private void CompareEnums(EnumSchema reader, EnumSchema writer, string path)
    {
        CompareNames(reader, writer, path);
        var missing = writer.Symbols.Where(symbol => !reader.Contains(symbol)).ToList();
        if (missing.Count > 0 && reader.Default is null)
        {
            Add(
                IncompatibilityKind.MissingEnumSymbol,
                path,
                $"the writer has the symbols {string.Join(", ", missing)}, the reader does not",
                "add them to the reader, or give its enum a default");
        }
    }

    private void CompareFixed(FixedSchema reader, FixedSchema writer, string path)
    {
        CompareNames(reader, writer, path);
        if (reader.Size != writer.Size)
        {
            Add(
                IncompatibilityKind.FixedSizeMismatch,
                path,
                $"the writer has {writer.Size} bytes, the reader {reader.Size}",
                "use a new field for the new size");
        }
    }

    private void CompareNames(NamedSchema reader, NamedSchema writer, string path)
    {
        if (!NameResolution.SameName(reader, writer))
        {
            Add(
                IncompatibilityKind.NameMismatch,
                path,
                $"the writer's name is {writer.Name}, the reader's {reader.Name}",
                $"keep the name, or add the alias \"{writer.Name}\" to the reader");
        }
    }

    private void ComparePrimitives(Schema reader, Schema writer, string path)
    {
        if (!Promotes(SchemaFacts.Base(writer).Tag, SchemaFacts.Base(reader).Tag))
        {
            AddTypeMismatch(reader, writer, path);
        }
    }

    private void AddTypeMismatch(Schema reader, Schema writer, string path) => Add(
        IncompatibilityKind.TypeMismatch,
        path,
        $"the writer has {SchemaFacts.Describe(writer)}, the reader {SchemaFacts.Describe(reader)}, and " +
        "Avro does not convert between them",
        Fix(SchemaFacts.Single(reader, out _)));

    private static string Fix(Schema? reader) => reader switch
    {
        null => "write one of these types",
        _ when TimeUnits.Of(reader) != TimeUnit.None => "write a timestamp or a date",
        { Tag: Schema.Type.String } => "write it as text",
        { Tag: Schema.Type.Double } => "write a number that Avro widens to double (int, long, float), or a decimal",
        _ => "keep the type, widen it (int, long, float, double; string and bytes), or use a new field with a default",
    };

    private void Add(IncompatibilityKind kind, string path, string what, string fix) =>
        _found.Add(new Incompatibility(kind, path, what, fix));
}
