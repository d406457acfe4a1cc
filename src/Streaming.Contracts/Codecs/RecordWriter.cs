// Hot: Write runs once per event that this system writes.
using System.Buffers;
using Avro;
using Streaming.Contracts.Wire;

namespace Streaming.Contracts.Codecs;

/// <summary>
/// Encodes C# records; compiled once per schema by <see cref="RecordWriter.Compile{T}"/>. Thread-safe; allocates nothing.
/// </summary>
public sealed class RecordWriter<T>
    where T : class
{
    [ThreadStatic]
    private static AvroBuffer? s_scratch;

    private readonly RecordWriter.WriteRecord<T> _write;

    internal RecordWriter(RecordWriter.WriteRecord<T> write) => _write = write;

    /// <summary>Appends one event in Avro's binary. A required text that is null is an <see cref="ArgumentException"/>.</summary>
    public void Write(T value, AvroBuffer output) => _write(output, value);

    /// <summary>Appends one event in the wire format: head, then Avro's binary.</summary>
    public void Write(T value, int schemaId, AvroBuffer output)
    {
        WireFormat.WriteHead(output, schemaId);
        _write(output, value);
    }

    /// <summary>As <see cref="Write(T, AvroBuffer)"/>, to any buffer, through one that belongs to the thread.</summary>
    public void Write(T value, IBufferWriter<byte> output)
    {
        var scratch = s_scratch ??= new AvroBuffer();
        scratch.Clear();
        _write(scratch, value);
        output.Write(scratch.Written);
    }
}

/// <summary>Compiles writers of C# records.</summary>
public static class RecordWriter
{
    internal delegate void WriteRecord<T>(AvroBuffer output, T value);

    /// <summary>
    /// Compiles a writer. Each field takes the property of its name; a field without one takes its default. A field with neither, or a
    /// property that does not fit or has no field, is a mistake in the program and an <see cref="ArgumentException"/>.
    /// </summary>
    public static RecordWriter<T> Compile<T>(RecordSchema schema)
        where T : class
    {
        RecordMap.RequireFields(typeof(T), schema);
        return new RecordWriter<T>(RecordWriterEmitter.Compile<T>(schema));
    }
}
