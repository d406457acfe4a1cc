// Hot: every answer is written here first.
using System.Buffers;

namespace Streaming.Scoring.Requests;

/// <summary>Bytes written one after another into an array that is kept for the next answer.</summary>
internal sealed class ReusedBuffer : IBufferWriter<byte>
{
    private const int InitialBytes = 512;
    private byte[] _bytes = new byte[InitialBytes];
    private int _count;

    public ReadOnlySpan<byte> Written => _bytes.AsSpan(0, _count);

    public ReadOnlyMemory<byte> WrittenMemory => _bytes.AsMemory(0, _count);

    public void Clear() => _count = 0;

    public void Trim(int keptBytes)
    {
        _count = 0;
        _bytes = _bytes.Length > keptBytes ? new byte[InitialBytes] : _bytes;
    }

    public void Advance(int count) => _count += count;

    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        Ensure(sizeHint);
        return _bytes.AsMemory(_count);
    }

    public Span<byte> GetSpan(int sizeHint = 0)
    {
        Ensure(sizeHint);
        return _bytes.AsSpan(_count);
    }

    private void Ensure(int sizeHint)
    {
        if (_bytes.Length - _count < Math.Max(1, sizeHint))
        {
            Array.Resize(ref _bytes, Math.Max(2 * _bytes.Length, _count + sizeHint));
        }
    }
}
