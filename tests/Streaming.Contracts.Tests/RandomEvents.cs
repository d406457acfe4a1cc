using Avro;
using Avro.Generic;

namespace Streaming.Contracts.Tests;

/// <summary>Random values of any schema, in Apache.Avro's generic form. The seed is part of every assertion's message.</summary>
internal sealed class RandomEvents(int seed)
{
    private static readonly string[] s_texts = ["", "a", "card-17", "ünï©ødé", "漢字かな", "🐟🐠", new string('x', 63), new string('y', 64), new string('z', 300)];
    private static readonly long[] s_edges = [0, -1, 1, 63, 64, -64, -65, 8191, 8192, int.MaxValue, int.MinValue, 1L << 53, -(1L << 53)];
    private readonly Random _random = new(seed);

    public int Seed => seed;

    public GenericRecord Record(RecordSchema schema)
    {
        var record = new GenericRecord(schema);
        foreach (var field in schema.Fields)
        {
            record.Add(field.Name, Value(field.Schema));
        }

        return record;
    }

    public object? Value(Schema schema) => schema switch
    {
        UnionSchema union => Value(union.Schemas[_random.Next(union.Count)]),
        LogicalSchema { LogicalTypeName: "timestamp-millis" } => DateTime.UnixEpoch.AddMilliseconds(Millis()),
        LogicalSchema { LogicalTypeName: "timestamp-micros" } => DateTime.UnixEpoch.AddTicks(10 * Micros()),
        LogicalSchema logical => Value(logical.BaseSchema),
        RecordSchema record => Record(record),
        EnumSchema symbols => new GenericEnum(symbols, symbols.Symbols[_random.Next(symbols.Symbols.Count)]),
        FixedSchema fixedSchema => new GenericFixed(fixedSchema, Bytes(fixedSchema.Size)),
        ArraySchema array => Enumerable.Range(0, _random.Next(5)).Select(_ => Value(array.ItemSchema)!).ToArray(),
        MapSchema map => Enumerable.Range(0, _random.Next(4)).ToDictionary(i => $"k{i}", _ => Value(map.ValueSchema)!),
        _ => Primitive(schema.Tag),
    };

    private object? Primitive(Schema.Type type) => type switch
    {
        Schema.Type.Null => null,
        Schema.Type.Boolean => _random.Next(2) == 1,
        Schema.Type.Int => (int)Long(),
        Schema.Type.Long => Long(),
        Schema.Type.Float => (float)(_random.NextDouble() * 1e6),
        Schema.Type.Double => _random.Next(10) == 0 ? double.NaN : _random.NextDouble() * 1e9,
        Schema.Type.String => s_texts[_random.Next(s_texts.Length)],
        Schema.Type.Bytes => System.Text.Encoding.UTF8.GetBytes(s_texts[_random.Next(s_texts.Length)]),
        _ => throw new ArgumentOutOfRangeException(nameof(type), type, null),
    };

    // Beyond 2^53 a number column refuses them.
    private long Long() => _random.Next(2) == 0 ? s_edges[_random.Next(s_edges.Length)] : _random.NextInt64() >> (10 + _random.Next(54));

    private long Millis() => _random.NextInt64(-2_000_000_000_000, 4_000_000_000_000);

    private long Micros() => _random.NextInt64(-2_000_000_000_000_000, 4_000_000_000_000_000);

    private byte[] Bytes(int size)
    {
        var bytes = new byte[size];
        _random.NextBytes(bytes);
        return bytes;
    }
}
