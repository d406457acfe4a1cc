using Avro;
using Avro.Generic;
using Avro.IO;

namespace Streaming.Contracts.Tests;

/// <summary>The oracle: Apache.Avro's own generic encoder and decoder.</summary>
internal static class ApacheAvro
{
    public static byte[] Encode(GenericRecord record)
    {
        using var stream = new MemoryStream();
        new GenericDatumWriter<GenericRecord>(record.Schema).Write(record, new BinaryEncoder(stream));
        return stream.ToArray();
    }

    public static GenericRecord Decode(byte[] bytes, Schema writer, Schema reader)
    {
        using var stream = new MemoryStream(bytes);
        return new GenericDatumReader<GenericRecord>(writer, reader).Read(null!, new BinaryDecoder(stream));
    }
}
