using Streaming.Log.Embedded;

namespace Streaming.Log.Tests.Embedded;

/// <summary>Bytes by offset against a plain list.</summary>
public sealed class RowSizesSpec
{
    private const int MarkBytes = 256 << 10;
    private const int RowBytes = 40;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Bytes_from_an_offset_are_right_to_within_a_mark(int seed)
    {
        var random = new Random(seed);
        var (sizes, rows, next) = (new RowSizes(), new List<(long Offset, long Bytes)>(), 0L);
        for (var i = 0; i < 2_000; i++)
        {
            var (count, bytes) = (random.Next(1, 50), random.Next(100, 100_000));
            sizes.Add(next, count, bytes);
            rows.Add((next, bytes + RowBytes));
            next += count;
            if (random.Next(100) == 0)
            {
                var first = rows[random.Next(rows.Count)].Offset;
                rows.RemoveAll(row => row.Offset < first);
                sizes.DeleteBefore(first);
            }

            var from = rows[random.Next(rows.Count)].Offset;
            var truth = rows.Where(row => row.Offset >= from).Sum(row => row.Bytes);
            Assert.InRange(sizes.BytesFrom(from), truth, truth + MarkBytes + 100_000);
            var limit = random.NextInt64(MarkBytes * 2, 100_000_000);
            var cut = sizes.OffsetLeaving(limit);
            Assert.InRange(rows.Where(row => row.Offset >= cut).Sum(row => row.Bytes), 0, limit);
        }

        Assert.Equal(next, sizes.NextOffset);
    }
}
