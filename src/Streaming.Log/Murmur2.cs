// Hot: once per appended record.
using System.Buffers.Binary;

namespace Streaming.Log;

/// <summary>
/// Where Kafka puts a key: the hash of Java's default partitioner, so that every producer agrees (librdkafka: <c>murmur2_random</c>).
/// MurmurHash2 (Austin Appleby, 2008), 32 bits, seed 0x9747b28c, tail bytes read little-endian.
/// </summary>
public static class Murmur2
{
    private const uint Seed = 0x9747b28c;
    private const uint Mix = 0x5bd1e995;

    /// <summary>The hash of a key, sign included, as Java's <c>Utils.murmur2</c> gives it.</summary>
    public static int Hash(ReadOnlySpan<byte> key)
    {
        unchecked
        {
            var hash = Seed ^ (uint)key.Length;
            for (; key.Length >= 4; key = key[4..])
            {
                var word = BinaryPrimitives.ReadUInt32LittleEndian(key) * Mix;
                hash = (hash * Mix) ^ ((word ^ (word >> 24)) * Mix);
            }

            if (key.Length > 0)
            {
                hash = (hash ^ Tail(key)) * Mix;
            }

            hash = (hash ^ (hash >> 13)) * Mix;
            return (int)(hash ^ (hash >> 15));
        }
    }

    /// <summary>The partition of a key: the hash without its sign bit (Java's <c>toPositive</c>), modulo the partitions.</summary>
    public static int Partition(ReadOnlySpan<byte> key, int partitions) => (Hash(key) & int.MaxValue) % partitions;

    private static uint Tail(ReadOnlySpan<byte> rest) => rest.Length switch
    {
        3 => ((uint)rest[2] << 16) | ((uint)rest[1] << 8) | rest[0],
        2 => ((uint)rest[1] << 8) | rest[0],
        _ => rest[0],
    };
}
