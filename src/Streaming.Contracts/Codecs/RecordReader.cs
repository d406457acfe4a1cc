using System.Diagnostics.CodeAnalysis;
using Avro;
using Avro.Generic;
using Avro.IO;
using Streaming.Contracts.Schemas;
using Streaming.Features.Events;

namespace Streaming.Contracts.Codecs;

/// <summary>
/// Reads events of one writer's schema as C# records, with Apache.Avro: for tools, not for every event. <see cref="ColumnDecoder"/> looks
/// at the bytes before, since Apache.Avro trusts the lengths that it reads. Thread-safe. Never throws for what the bytes are.
/// </summary>
public sealed class RecordReader<T>
    where T : class
{
    private readonly ColumnDecoder _check;
    private readonly bool[] _wanted;
    private readonly GenericDatumReader<GenericRecord> _avro;
    private readonly RecordFiller<T> _filler;

    internal RecordReader(ColumnDecoder check, bool[] wanted, GenericDatumReader<GenericRecord> avro, RecordFiller<T> filler) =>
        (_check, _wanted, _avro, _filler) = (check, wanted, avro, filler);

    /// <summary>Decodes one event from Avro's binary (after the wire format's head).</summary>
    /// <param name="payload">The event, and nothing after it.</param>
    /// <param name="value">The event, or null.</param>
    /// <param name="fault">What is wrong with the bytes, or <see cref="DecodeFaultKind.None"/>.</param>
    public bool TryRead(ReadOnlySpan<byte> payload, [NotNullWhen(true)] out T? value, out DecodeFault fault)
    {
        value = null;
        var bytes = payload.ToArray();
        if (_check.TryDecode(bytes, 0, bytes.Length, new EventBatch(_check.Source, _wanted, 1), 0, out fault) == DecodeStatus.Ok)
        {
            value = TryFill(bytes, ref fault);
        }

        return value is not null;
    }

    private T? TryFill(byte[] bytes, ref DecodeFault fault)
    {
        try
        {
            return _filler.Fill(_avro.Read(null!, new BinaryDecoder(new MemoryStream(bytes))));
        }
        catch (Exception error) when (error is AvroException or IOException or ArgumentOutOfRangeException)
        {
            // In a part that the column decoder skips. Apache.Avro seeks by lengths that it reads, also to places outside the stream.
            fault = new DecodeFault(DecodeFaultKind.InvalidItem, bytes.Length);
            return null;
        }
    }
}

/// <summary>Makes readers of C# records.</summary>
public static class RecordReader
{
    /// <summary>
    /// Makes a reader. Properties are mapped to the reader's fields by name (PascalCase to snake_case, or
    /// <see cref="Events.AvroFieldAttribute"/>); fields without a property are skipped. A property without a field, or one that cannot be
    /// null although its field can, is a mistake in the program and an <see cref="ArgumentException"/>.
    /// </summary>
    /// <param name="writer">The schema that the events were written with.</param>
    /// <param name="reader">The schema that <typeparamref name="T"/> was made after.</param>
    public static Compiled<RecordReader<T>> Compile<T>(Schema writer, RecordSchema reader)
        where T : class
    {
        RecordMap.RequireFields(typeof(T), reader);
        var source = EventSchemas.SourceOf(reader.Name, reader);

        // A record holds longs that no number column does.
        bool[] wanted = [.. source.Fields.Select(field => field.Type != FieldType.Number || !IsLong(reader[field.Name]))];
        var check = ColumnDecoder.Compile(writer, reader, source, wanted);
        if (!check.Succeeded)
        {
            return new Compiled<RecordReader<T>>(null, check.Faults);
        }

        var filler = new RecordFiller<T>((RecordSchema)writer, reader);
        try
        {
            var (from, to) = (SchemaText.WithoutLogicalTypes(writer), SchemaText.WithoutLogicalTypes(reader));
            var avro = new GenericDatumReader<GenericRecord>(from, to);
            return new Compiled<RecordReader<T>>(new RecordReader<T>(check.Codec, wanted, avro, filler), []);
        }
        catch (AvroException error)
        {
            // Bytes for a text, which Apache.Avro does not promote.
            const string fix = "write the types of the reader's schema";
            return new Compiled<RecordReader<T>>(
                null, [new Incompatibility(IncompatibilityKind.Unsupported, reader.Name, error.Message, fix)]);
        }
    }

    private static bool IsLong(Field field) => SchemaFacts.Single(field.Schema, out _)?.Tag == Schema.Type.Long;
}
