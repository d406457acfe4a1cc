using System.Buffers;
using System.Buffers.Binary;
using System.IO.Hashing;
using System.Text;
using Streaming.Log;

namespace Streaming.Engine.Checkpoints;

/// <summary>
/// A manifest as bytes, all little-endian: version, flush, since when entities are remembered, the number of marks and each of them (topic
/// as a length and UTF-8, partition, offset, watermark, newest by clock), and last an XxHash3 of everything before. Version 1 had no since.
/// </summary>
internal static class ManifestBytes
{
    /// <summary>The version that is written.</summary>
    public const byte Version = 2;

    private const int ChecksumBytes = sizeof(ulong);
    private const byte WithoutSince = 1;
    private const int HeadBytes = 1 + sizeof(long) + sizeof(int);

    /// <summary>The bytes of a manifest.</summary>
    public static byte[] Write(ShardManifest manifest)
    {
        var output = new ArrayBufferWriter<byte>(256);
        output.Write([Version]);
        Long(output, manifest.Flush);
        Long(output, manifest.SinceMillis);
        Int(output, manifest.Durable.ByPartition.Count);
        foreach (var ((topic, partition), mark) in manifest.Durable.ByPartition)
        {
            var name = Encoding.UTF8.GetBytes(topic);
            Int(output, name.Length);
            output.Write(name);
            Int(output, partition);
            Long(output, mark.Offset);
            Long(output, mark.WatermarkMillis);
            Long(output, mark.NewestByClockMillis);
        }

        Long(output, (long)XxHash3.HashToUInt64(output.WrittenSpan));
        return output.WrittenSpan.ToArray();
    }

    /// <summary>Reads a manifest.</summary>
    /// <exception cref="FormatException">The bytes are of another version, cut, or damaged.</exception>
    public static ShardManifest Read(ReadOnlySpan<byte> bytes)
    {
        if (bytes is not [Version or WithoutSince, ..])
        {
            throw new FormatException(bytes.IsEmpty
                ? "the manifest is empty"
                : $"the manifest has version {bytes[0]}, and this build reads versions {WithoutSince} and {Version}");
        }

        if (bytes.Length < HeadBytes + ChecksumBytes
            || XxHash3.HashToUInt64(bytes[..^ChecksumBytes]) != BinaryPrimitives.ReadUInt64LittleEndian(bytes[^ChecksumBytes..]))
        {
            throw new FormatException($"the manifest is damaged: its checksum is not that of its {bytes.Length} bytes");
        }

        var rest = bytes[1..^ChecksumBytes];
        var flush = TakeLong(ref rest);
        var since = bytes[0] == WithoutSince ? long.MinValue : TakeLong(ref rest);
        var marks = new KeyValuePair<TopicPartition, PartitionMark>[TakeInt(ref rest)];
        for (var i = 0; i < marks.Length; i++)
        {
            var length = TakeInt(ref rest);
            var topic = Encoding.UTF8.GetString(rest[..length]);
            rest = rest[length..];
            var partition = new TopicPartition(topic, TakeInt(ref rest));
            marks[i] = new(partition, new PartitionMark(TakeLong(ref rest), TakeLong(ref rest), TakeLong(ref rest)));
        }

        return new ShardManifest(flush, Marks.Of(marks), since);
    }

    /// <summary>Reads a slot's manifest.</summary>
    /// <param name="bytes">What the slot holds; null for nothing.</param>
    /// <param name="damage">Why it cannot be read; null where it can, or there is none.</param>
    public static ShardManifest? TryRead(ReadOnlyMemory<byte>? bytes, out string? damage)
    {
        damage = null;
        try
        {
            return bytes is { } present ? Read(present.Span) : null;
        }
        catch (FormatException fault)
        {
            damage = fault.Message;
            return null;
        }
    }

    private static void Int(ArrayBufferWriter<byte> output, int value)
    {
        BinaryPrimitives.WriteInt32LittleEndian(output.GetSpan(sizeof(int)), value);
        output.Advance(sizeof(int));
    }

    private static void Long(ArrayBufferWriter<byte> output, long value)
    {
        BinaryPrimitives.WriteInt64LittleEndian(output.GetSpan(sizeof(long)), value);
        output.Advance(sizeof(long));
    }

    private static int TakeInt(ref ReadOnlySpan<byte> rest)
    {
        var value = BinaryPrimitives.ReadInt32LittleEndian(rest);
        rest = rest[sizeof(int)..];
        return value;
    }

    private static long TakeLong(ref ReadOnlySpan<byte> rest)
    {
        var value = BinaryPrimitives.ReadInt64LittleEndian(rest);
        rest = rest[sizeof(long)..];
        return value;
    }
}
