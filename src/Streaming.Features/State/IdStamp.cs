using Streaming.Features.Events;

namespace Streaming.Features.State;

/// <summary>When and in which partition an id came: the partition in the upper 16 bits, milliseconds since 1900 in the lower 48.</summary>
internal readonly record struct IdStamp(long Word) : IComparable<IdStamp>
{
    private const int TimeBits = 48;
    private const long TimeMask = (1L << TimeBits) - 1;

    public IdStamp(int partition, long time)
        : this(((long)Short(partition) << TimeBits) | Math.Clamp(time - EventLimits.FirstMillis, 0, TimeMask))
    {
    }

    /// <summary>A partition as stamps have it.</summary>
    public static int Short(int partition) => (ushort)partition;

    /// <summary>The partition, below 65,536.</summary>
    public int Partition => (int)((ulong)Word >> TimeBits);

    /// <summary>The event time, milliseconds since 1970.</summary>
    public long Time => (Word & TimeMask) + EventLimits.FirstMillis;

    /// <inheritdoc/>
    public int CompareTo(IdStamp other) => ((ulong)Word).CompareTo((ulong)other.Word);
}
