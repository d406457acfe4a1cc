// Hot: TryRead runs once per event that is wanted as an object.
using System.Diagnostics.CodeAnalysis;
using Avro;
using Streaming.Contracts.Schemas;

namespace Streaming.Contracts.Codecs;

/// <summary>
/// Decodes events of one writer's schema into C# records; compiled once per pair of schemas by <see cref="RecordReader.Compile{T}"/>.
/// Thread-safe. Never throws for what the bytes are.
/// </summary>
public sealed class RecordReader<T>
    where T : class
{
    private readonly Schema _writer;
    private readonly RecordReader.ReadRecord<T> _read;

    internal RecordReader(Schema writer, RecordReader.ReadRecord<T> read) => (_writer, _read) = (writer, read);

    /// <summary>Decodes one event from Avro's binary (after the wire format's head).</summary>
    /// <param name="payload">The event, and nothing after it.</param>
    /// <param name="value">The event, or null.</param>
    /// <param name="fault">What is wrong with the bytes, or <see cref="DecodeFaultKind.None"/>.</param>
    public bool TryRead(ReadOnlySpan<byte> payload, [NotNullWhen(true)] out T? value, out DecodeFault fault)
    {
        var reader = new AvroReader(payload);
        value = _read(ref reader);
        fault = reader.Finish();
        if (fault.Kind != DecodeFaultKind.None)
        {
            fault = FaultyField.Name(_writer, payload, fault);
            value = null;
        }

        return value is not null;
    }
}

/// <summary>Compiles readers of C# records.</summary>
public static class RecordReader
{
    internal delegate T ReadRecord<T>(ref AvroReader reader);

    /// <summary>
    /// Compiles a reader. Properties are mapped to the reader's fields by name (PascalCase to snake_case, or
    /// <see cref="Events.AvroFieldAttribute"/>); fields without a property are skipped. A property without a field, or of a type that does
    /// not fit its field, is a mistake in the program and an <see cref="ArgumentException"/>.
    /// </summary>
    /// <param name="writer">The schema that the events were written with.</param>
    /// <param name="reader">The schema that <typeparamref name="T"/> was made after.</param>
    public static Compiled<RecordReader<T>> Compile<T>(Schema writer, RecordSchema reader)
        where T : class
    {
        RecordMap.RequireFields(typeof(T), reader);
        return SchemaResolver.TryResolve(writer, reader, out var faults) is { } fields
            ? new Compiled<RecordReader<T>>(new RecordReader<T>(writer, RecordReaderEmitter.Compile<T>(fields)), [])
            : new Compiled<RecordReader<T>>(null, faults);
    }
}
