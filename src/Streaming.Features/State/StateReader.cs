using System.Buffers.Binary;
using System.Text;

namespace Streaming.Features.State;

/// <summary>Takes values from bytes in order. Past the end it yields zeros and remembers that it failed.</summary>
internal ref struct StateReader(ReadOnlySpan<byte> bytes)
{
    private ReadOnlySpan<byte> _rest = bytes;

    /// <summary>Whether more was asked for than there was.</summary>
    public bool Failed { get; private set; }

    /// <summary>Whether everything was taken.</summary>
    public readonly bool AtEnd => _rest.IsEmpty;

    /// <summary>Bytes left.</summary>
    public readonly int Remaining => _rest.Length;

    /// <summary>Marks the content as wrong.</summary>
    public void Fail() => Failed = true;

    public int Int() => Take(sizeof(int)) is { IsEmpty: false } taken ? BinaryPrimitives.ReadInt32LittleEndian(taken) : 0;

    public long Long() => Take(sizeof(long)) is { IsEmpty: false } taken ? BinaryPrimitives.ReadInt64LittleEndian(taken) : 0;

    /// <summary>A number of things that follow, each of which takes at least one byte.</summary>
    public int Count()
    {
        var count = Int();
        if (count < 0 || count > _rest.Length)
        {
            Failed |= count != 0;
            return 0;
        }

        return count;
    }

    public string Text() => Encoding.UTF8.GetString(Take(Count()));

    public long[] Words(int count)
    {
        var taken = Take(count * sizeof(long));
        var words = new long[taken.Length / sizeof(long)];
        for (var i = 0; i < words.Length; i++)
        {
            words[i] = BinaryPrimitives.ReadInt64LittleEndian(taken[(i * sizeof(long))..]);
        }

        return words;
    }

    private ReadOnlySpan<byte> Take(int count)
    {
        if (count > _rest.Length)
        {
            Failed = true;
            return default;
        }

        var taken = _rest[..count];
        _rest = _rest[count..];
        return taken;
    }
}
