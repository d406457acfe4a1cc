using System.Collections.Immutable;
using Avro;

namespace Streaming.Contracts.Schemas;

/// <summary>One walk over a pair of schemas. Pairs of records are compared once, so recursive schemas end.</summary>
internal sealed class CompatibilityCheck
{
    private readonly FoundIncompatibilities _found = new();
    private readonly ReadablePairs _readable = new();

    public ImmutableArray<Incompatibility> Found => _found.All;

    public void Compare(Schema reader, Schema writer, string path)
    {
        if (LogicalTypes.Takes(reader, writer) is { } takes)
        {
            Require(takes, reader, writer, path);
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
                Require(Promotions.Take(SchemaFacts.Base(writer).Tag, SchemaFacts.Base(reader).Tag), reader, writer, path);
                break;
        }
    }

    private void CompareBranches(Schema reader, UnionSchema writer, string path)
    {
        foreach (var branch in writer.Schemas)
        {
            if (!_readable.Takes(reader, branch))
            {
                _found.AddMissingBranch(reader, branch, path);
            }
        }
    }

    private void CompareWithAny(UnionSchema reader, Schema writer, string path)
    {
        if (reader.Schemas.Any(branch => _readable.Takes(branch, writer)))
        {
            return;
        }

        if (reader.Schemas.FirstOrDefault(branch => SchemaFacts.Base(branch).Tag == SchemaFacts.Base(writer).Tag) is { } alike)
        {
            Compare(alike, writer, path);
        }
        else
        {
            _found.AddOtherType(reader, writer, path);
        }
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
                _found.AddMissingDefault(fieldPath);
            }
            else
            {
                _found.Add(DefaultValues.Check(field, fieldPath));
            }
        }
    }

    private void CompareEnums(EnumSchema reader, EnumSchema writer, string path)
    {
        CompareNames(reader, writer, path);
        var missing = writer.Symbols.Where(symbol => !reader.Contains(symbol)).ToList();
        if (missing.Count > 0 && reader.Default is null)
        {
            _found.AddMissingSymbols(missing, path);
        }
    }

    private void CompareFixed(FixedSchema reader, FixedSchema writer, string path)
    {
        CompareNames(reader, writer, path);
        if (reader.Size != writer.Size)
        {
            _found.AddOtherSize(reader, writer, path);
        }
    }

    private void CompareNames(NamedSchema reader, NamedSchema writer, string path)
    {
        if (!NameResolution.SameName(reader, writer))
        {
            _found.AddOtherName(reader, writer, path);
        }
    }

    private void Require(bool takes, Schema reader, Schema writer, string path)
    {
        if (!takes)
        {
            _found.AddOtherType(reader, writer, path);
        }
    }
}
