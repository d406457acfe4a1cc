namespace Streaming.EndToEnd.Tests;

/// <summary>A slice of the handbook that lies in the repository, so that every clone has the oracle.</summary>
public sealed class HandbookSliceSpec : HandbookKit, IAsyncLifetime
{
    private HandbookSlice _slice = null!;

    protected override string Input => Path.Combine(Folder, "slice.parquet");

    public async Task InitializeAsync()
    {
        _slice = await HandbookSlice.ReadAsync();
        await _slice.WriteParquetAsync(Input);
    }

    public Task DisposeAsync() => Task.CompletedTask;

    [Fact]
    public async Task Both_oracles_agree_on_every_row()
    {
        var history = await HandbookHistory.ReadAsync(Input);
        Assert.Equal(_slice.Count, history.Ids.Length);
        for (var row = 0; row < _slice.Count; row++)
        {
            var (expected, actual) = (_slice.FeaturesOf(row), history.OfRow(row));
            Assert.All(expected.Zip(actual), pair => Assert.Equal(pair.First, pair.Second, Tolerance));
        }
    }

    [Fact]
    public async Task Backfill_from_csv_gives_every_row_the_values_beside_it()
    {
        var output = Path.Combine(Folder, "from-csv.parquet");
        var (code, text) = await NodeProcess.ExecuteAsync(
            Folder, "backfill", "--service", "handbook", "--input", HandbookSlice.Path, "--map", Map, "--output", output);
        Assert.True(code == 0, text);
        await using var written = await ReferenceParquet.OpenAsync(output);
        var columns = new List<double[]>();
        foreach (var name in written.Columns.Skip(1))
        {
            columns.Add(await written.NumbersAsync<double>(name));
        }

        for (var row = 0; row < _slice.Count; row++)
        {
            var expected = _slice.FeaturesOf(row);
            Assert.All(columns.Select((column, i) => (column[row], expected[i])), pair => Assert.Equal(pair.Item2, pair.Item1, Tolerance));
        }
    }
}
