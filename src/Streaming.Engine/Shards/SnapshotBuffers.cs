using System.Buffers;
using Streaming.Features.State;

namespace Streaming.Engine.Shards;

/// <summary>
/// Buffers of snapshots on their way to the store. A snapshot lives for a second, long enough for the garbage collector to move it among
/// the long-lived objects; thousands a second of them make its pauses long. Thread-safe.
/// </summary>
internal static class SnapshotBuffers
{
    private const int BytesMax = 1 << 16;
    private const int BuffersOfASize = 1_024;

    private static readonly ArrayPool<byte> s_pool = ArrayPool<byte>.Create(BytesMax, BuffersOfASize);

    /// <summary>The state's bytes. For the owner.</summary>
    public static ArraySegment<byte> Take(EntityState state) => StateBytes.Rent(state, s_pool);

    /// <summary>
    /// Takes back what the store has confirmed. Where a write failed the client may still hold the bytes: they are left to the collector.
    /// </summary>
    public static void Return(ArraySegment<byte> bytes) => s_pool.Return(bytes.Array!);
}
