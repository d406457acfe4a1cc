using System.Runtime.CompilerServices;
using Avro;

namespace Streaming.Contracts.Schemas;

/// <summary>
/// Which schemas take all of which others, each pair found once: paths through unions of records that name each other are exponentially
/// many, pairs are not. Recursive schemas make this a greatest fixed point: a pair within itself counts as readable. A pair that is not
/// readable stays so; one that was found readable within such a pair may rest on that assumption and is found anew.
/// </summary>
internal sealed class ReadablePairs
{
    private readonly HashSet<(Schema Reader, Schema Writer)> _begun = new(ByReference.Instance);
    private readonly Dictionary<(Schema Reader, Schema Writer), bool> _known = new(ByReference.Instance);
    private readonly Stack<(Schema Reader, Schema Writer)> _assumed = [];

    /// <summary>
    /// A pair of records is compared field by field: from then on it counts as readable, because its faults are found there and need not be
    /// found again. False if it was begun before.
    /// </summary>
    public bool Begin(RecordSchema reader, RecordSchema writer)
    {
        var isNew = _begun.Add((reader, writer));
        if (isNew && _known.TryGetValue((reader, writer), out var takes) && !takes)
        {
            // What was not readable because of it may be now.
            _known.Clear();
        }

        return isNew;
    }

    /// <summary>Whether the reader takes every value of the writer.</summary>
    public bool Takes(Schema reader, Schema writer)
    {
        var pair = (reader, writer);
        if (_begun.Contains(pair))
        {
            return true;
        }

        if (!_known.TryGetValue(pair, out var takes))
        {
            var outer = _assumed.Count;
            _known.Add(pair, true);
            _assumed.Push(pair);
            takes = Decide(pair);
            if (!takes)
            {
                Refute(pair, outer);
            }
        }

        return takes;
    }

    private void Refute((Schema Reader, Schema Writer) pair, int outer)
    {
        while (_assumed.Count > outer)
        {
            _known.Remove(_assumed.Pop());
        }

        _known[pair] = false;
    }

    // The rules of CompatibilityCheck, which says what is wrong.
    private bool Decide((Schema Reader, Schema Writer) pair) =>
        LogicalTypes.Takes(pair.Reader, pair.Writer) ?? DecideBase((SchemaFacts.Base(pair.Reader), SchemaFacts.Base(pair.Writer)));

    private bool DecideBase((Schema Reader, Schema Writer) pair) => pair switch
    {
        (_, UnionSchema branches) => branches.Schemas.All(branch => Takes(pair.Reader, branch)),
        (UnionSchema branches, _) => branches.Schemas.Any(branch => Takes(branch, pair.Writer)),
        (RecordSchema reader, RecordSchema writer) =>
            NameResolution.SameName(reader, writer) && reader.Fields.TrueForAll(field => TakesField(reader, writer, field)),
        (EnumSchema reader, EnumSchema writer) =>
            NameResolution.SameName(reader, writer) && (reader.Default is not null || writer.Symbols.All(reader.Contains)),
        (FixedSchema reader, FixedSchema writer) => NameResolution.SameName(reader, writer) && reader.Size == writer.Size,
        (ArraySchema reader, ArraySchema writer) => Takes(reader.ItemSchema, writer.ItemSchema),
        (MapSchema reader, MapSchema writer) => Takes(reader.ValueSchema, writer.ValueSchema),
        _ => Promotions.Take(pair.Writer.Tag, pair.Reader.Tag),
    };

    private bool TakesField(RecordSchema reader, RecordSchema writer, Field field) =>
        NameResolution.WriterOf(writer, reader, field) is { } source ? Takes(field.Schema, source.Schema) : field.DefaultValue is not null;

    /// <summary>Apache.Avro compares and hashes the content, which is as much as the schema written out.</summary>
    private sealed class ByReference : IEqualityComparer<(Schema Reader, Schema Writer)>
    {
        public static readonly ByReference Instance = new();

        public bool Equals((Schema Reader, Schema Writer) x, (Schema Reader, Schema Writer) y) =>
            ReferenceEquals(x.Reader, y.Reader) && ReferenceEquals(x.Writer, y.Writer);

        public int GetHashCode((Schema Reader, Schema Writer) pair) =>
            HashCode.Combine(RuntimeHelpers.GetHashCode(pair.Reader), RuntimeHelpers.GetHashCode(pair.Writer));
    }
}
