namespace Streaming.Log.Tests;

public sealed class SpareBatchesSpec
{
    private readonly SpareBatches _spare = new();

    [Fact]
    public void A_batch_that_came_back_is_taken_again_and_is_empty()
    {
        var batch = Filled(records: 100, bytesEach: 50);
        _spare.Return(batch);
        Assert.Same(batch, _spare.Take(1, 1));
        Assert.Equal((0, 0), (batch.Count, batch.Bytes));
        Assert.NotSame(batch, _spare.Take(1, 1));
    }

    [Fact]
    public void A_large_batch_whose_read_was_large_is_kept()
    {
        var batch = Filled(records: 50_000, bytesEach: 100);
        _spare.Return(batch);
        Assert.Same(batch, _spare.Take(1, 1));
    }

    [Theory]
    [InlineData(10, 1_000_000)]
    [InlineData(50_000, 64)]
    public void A_large_batch_whose_last_read_was_small_is_let_go(int records, int bytes)
    {
        var batch = new RecordBatch(records, bytes);
        batch.Add(0, 1, "key"u8, "value"u8);
        _spare.Return(batch);
        Assert.NotSame(batch, _spare.Take(1, 1));
    }

    [Fact]
    public void No_more_are_kept_than_there_are_places()
    {
        var given = Enumerable.Range(0, 20).Select(_ => new RecordBatch()).ToHashSet<RecordBatch>(ReferenceEqualityComparer.Instance);
        foreach (var batch in given)
        {
            _spare.Return(batch);
        }

        Assert.Equal(8, Enumerable.Range(0, 20).Count(_ => given.Contains(_spare.Take(1, 1))));
    }

    private static RecordBatch Filled(int records, int bytesEach)
    {
        var batch = new RecordBatch();
        for (var record = 0; record < records; record++)
        {
            batch.Add(record, 1, default, new byte[bytesEach]);
        }

        return batch;
    }
}
