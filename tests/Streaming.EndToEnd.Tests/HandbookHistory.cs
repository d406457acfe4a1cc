namespace Streaming.EndToEnd.Tests;

/// <summary>
/// The Fraud Detection Handbook's transactions and their twelve features computed again from their definition alone: per key the times
/// in order and prefix sums in whole hundred-millionths, two binary searches a window. Shares no code with what it checks, not even what reads the file.
/// </summary>
internal sealed class HandbookHistory
{
    private const long Day = 86_400_000;
    private const decimal Unit = 100_000_000m;
    private static readonly long[] s_windows = [1 * Day, 7 * Day, 30 * Day];

    private readonly long[] _amounts;
    private readonly Dictionary<long, Series> _cards;
    private readonly Dictionary<long, Series> _terminals;

    private HandbookHistory(long[] ids, long[] times, long[] customers, long[] terminals, double[] amounts, long[] frauds)
    {
        (Ids, Times, Customers, Terminals) = (ids, times, customers, terminals);
        _amounts = Array.ConvertAll(amounts, amount => (long)Math.Round((decimal)amount * Unit));
        _cards = SeriesOf(Customers, _amounts);
        _terminals = SeriesOf(Terminals, Array.ConvertAll(frauds, fraud => fraud * (long)Unit));
    }

    public long[] Ids { get; }

    public long[] Times { get; }

    public long[] Customers { get; }

    public long[] Terminals { get; }

    public IEnumerable<long> AllCustomers => _cards.Keys;

    public IEnumerable<long> AllTerminals => _terminals.Keys;

    /// <summary>Reads the file, by a reader that is not the product's.</summary>
    public static async Task<HandbookHistory> ReadAsync(string path)
    {
        await using var file = await ReferenceParquet.OpenAsync(path);
        return new HandbookHistory(
            await file.NumbersAsync<long>("transaction_id"),
            await file.MillisAsync("ts"),
            await file.NumbersAsync<long>("customer_id"),
            await file.NumbersAsync<long>("terminal_id"),
            await file.NumbersAsync<double>("amount"),
            await file.NumbersAsync<long>("fraud"));
    }

    /// <summary>The twelve features of a row as of itself: it and earlier rows of its second count, later ones do not.</summary>
    public double[] OfRow(int row)
    {
        var card = _cards[Customers[row]];
        var values = new double[12];
        for (var i = 0; i < s_windows.Length; i++)
        {
            (values[i], values[3 + i]) = card.Between(card.FirstAfter(Times[row] - s_windows[i]), card.IndexOf(row) + 1);
            (values[6 + i], values[9 + i]) = Terminal(Terminals[row], Times[row], s_windows[i]);
        }

        return values;
    }

    /// <summary>Counts, then means, of a card at a time.</summary>
    public double[] OfCard(long customer, long at) => Interleave(window => Card(customer, at, window));

    /// <summary>Counts, then shares of fraud, of a terminal at a time.</summary>
    public double[] OfTerminal(long terminal, long at) => Interleave(window => Terminal(terminal, at, window));

    private static double[] Interleave(Func<long, (double Count, double Mean)> read)
    {
        var all = s_windows.Select(read).ToArray();
        return [.. all.Select(v => v.Count), .. all.Select(v => v.Mean)];
    }

    private (double Count, double Mean) Card(long customer, long at, long window) =>
        _cards[customer].Between(_cards[customer].FirstAfter(at - window), _cards[customer].FirstAfter(at));

    private (double Count, double Mean) Terminal(long terminal, long at, long window) => _terminals[terminal].Between(
        _terminals[terminal].FirstAfter(at - (7 * Day) - window), _terminals[terminal].FirstAfter(at - (7 * Day)));

    private Dictionary<long, Series> SeriesOf(long[] keys, long[] values)
    {
        var series = new Dictionary<long, Series>();
        for (var row = 0; row < keys.Length; row++)
        {
            if (!series.TryGetValue(keys[row], out var one))
            {
                series.Add(keys[row], one = new Series());
            }

            one.Add(row, Times[row], values[row]);
        }

        return series;
    }

    private sealed class Series
    {
        private readonly List<int> _rows = [];
        private readonly List<long> _times = [];
        private readonly List<long> _sums = [0];

        public void Add(int row, long time, long value)
        {
            _rows.Add(row);
            _times.Add(time);
            _sums.Add(_sums[^1] + value);
        }

        public int IndexOf(int row) => _rows.BinarySearch(row);

        public int FirstAfter(long time)
        {
            var (low, high) = (0, _times.Count);
            while (low < high)
            {
                var middle = (low + high) / 2;
                (low, high) = _times[middle] <= time ? (middle + 1, high) : (low, middle);
            }

            return low;
        }

        public (double Count, double Mean) Between(int from, int until) =>
            (until - from, until == from ? 0 : (double)((_sums[until] - _sums[from]) / Unit / (until - from)));
    }
}
