namespace Streaming.Log.Tests;

public sealed class RecordBatchSpec
{
    [Fact]
    public void A_range_of_any_batch_equals_its_records_one_by_one()
    {
        var seed = Environment.TickCount;
        var random = new Random(seed);
        for (var round = 0; round < 200; round++)
        {
            var source = RandomBatch(random);
            var from = random.Next(source.Count);
            var count = 1 + random.Next(source.Count - from);
            var bulk = new RecordBatch(0, 0);
            bulk.Add(3, 1, "x"u8, "y"u8);
            bulk.AddRange(source, from, count);
            Assert.True(bulk.Count == count + 1, $"seed {seed}");
            for (var i = 0; i < count; i++)
            {
                var same = bulk.Key(i + 1).SequenceEqual(source.Key(from + i)) && bulk.Value(i + 1).SequenceEqual(source.Value(from + i))
                    && bulk.KeyLength[i + 1] == source.KeyLength[from + i] && bulk.ValueLength[i + 1] == source.ValueLength[from + i]
                    && bulk.Timestamps[i + 1] == source.Timestamps[from + i] && bulk.Offsets[i + 1] == source.Offsets[from] + i;
                Assert.True(same, $"seed {seed}, round {round}, record {i}");
            }
        }
    }

    internal static RecordBatch RandomBatch(Random random)
    {
        var batch = new RecordBatch(1, 1);
        var bytes = new byte[50];
        for (var i = 1 + random.Next(20); i > 0; i--)
        {
            random.NextBytes(bytes);
            var value = random.Next(4) == 0 ? 0 : random.Next(bytes.Length);
            batch.Add(0, 1_000 + random.Next(100), bytes.AsSpan(0, random.Next(6)), bytes.AsSpan(0, value), valueIsNull: value == 0 && random.Next(2) == 0);
        }

        return batch;
    }
}
