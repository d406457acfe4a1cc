// Hot: every byte that is skipped passes here.
namespace Streaming.Contracts.Codecs;

/// <content>Passing over values.</content>
internal ref partial struct AvroReader
{
    /// <summary>
    /// The items of the next block of an array or map; 0 after the last block or a fault. Blocks that carry their size are passed over
    /// at once.
    /// </summary>
    public int SkipBlock(int minItemBytes)
    {
        while (true)
        {
            var count = ReadBlockHead(minItemBytes, out var bytes);
            if (bytes < 0)
            {
                return count;
            }

            _position += bytes;
        }
    }

    public void SkipLong() => ReadLong();

    public void SkipFixed(int bytes) => Take(bytes);

    public void SkipBytes() => ReadSlice(out _);

    /// <summary>An array of items that all take the same bytes.</summary>
    public void SkipFixedItems(int itemBytes)
    {
        for (int count; (count = SkipBlock(itemBytes)) > 0;)
        {
            Take(count * itemBytes);
        }
    }
}
