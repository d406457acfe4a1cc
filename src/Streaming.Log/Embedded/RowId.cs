namespace Streaming.Log.Embedded;

/// <summary>
/// A row's key: the partition's id (never used again) above 40 bits of base offset. One B-tree by integer key, no second index; the
/// rows of a partition lie side by side in offset order.
/// </summary>
internal static class RowId
{
    public const int OffsetBits = 40;
    public const long OffsetMax = (1L << OffsetBits) - 1;

    public static long Of(long partitionId, long offset) => (partitionId << OffsetBits) | Math.Clamp(offset, 0, OffsetMax);

    public static long First(long partitionId) => Of(partitionId, 0);

    public static long Last(long partitionId) => Of(partitionId, OffsetMax);

    public static long Partition(long rowId) => rowId >> OffsetBits;

    public static long Offset(long rowId) => rowId & OffsetMax;
}
