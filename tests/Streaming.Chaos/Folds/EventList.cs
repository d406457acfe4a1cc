namespace Streaming.Chaos.Folds;

/// <summary>
/// The events of one entity from one topic, and what features are of them, by direct sums over the list: slow, and with nothing that a
/// node computes with. Events stand in the order of time, then of partition and offset.
/// </summary>
internal sealed class EventList
{
    private const double ApproximateShare = 0.08;
    private const int ExactEvents = 1024;
    private readonly List<LogRecord> _events;
    private readonly string _time;
    private readonly long _at;

    /// <param name="events">The entity's.</param>
    /// <param name="time">The field with their time.</param>
    /// <param name="at">The time of the read.</param>
    public EventList(IEnumerable<LogRecord> events, string time, long at)
    {
        (_time, _at) = (time, at);
        _events = [.. events.OrderBy(each => each.Millis(time)).ThenBy(each => each.Partition).ThenBy(each => each.Offset)];
    }

    /// <summary>Those with <c>at - delay - window &lt; time &lt;= at - delay</c>; a null window is the lifetime.</summary>
    public EventList Window(TimeSpan? window, TimeSpan delay = default)
    {
        var end = _at - (long)delay.TotalMilliseconds;
        var start = window is { } span ? end - (long)span.TotalMilliseconds : long.MinValue;
        return new EventList(_events.Where(each => each.Millis(_time) <= end && each.Millis(_time) > start), _time, _at);
    }

    /// <summary>Those that fulfil a condition.</summary>
    public EventList Where(Func<LogRecord, bool> condition) => new(_events.Where(condition), _time, _at);

    /// <summary>How many.</summary>
    public Expected Count() => Expected.Of((double)_events.Count, _events, _time);

    /// <summary>Sum of those with a number.</summary>
    public Expected Sum(Func<LogRecord, double?> number, object? none = null) => Numbers(number, numbers => numbers.Sum(), none);

    /// <summary>Mean of those with a number.</summary>
    public Expected Average(Func<LogRecord, double?> number, object? none = null) => Numbers(number, numbers => numbers.Average(), none);

    /// <summary>The smallest number.</summary>
    public Expected Min(Func<LogRecord, double?> number, object? none = null) => Numbers(number, numbers => numbers.Min(), none);

    /// <summary>The largest number.</summary>
    public Expected Max(Func<LogRecord, double?> number, object? none = null) => Numbers(number, numbers => numbers.Max(), none);

    /// <summary>The sample variance.</summary>
    public Expected Variance(Func<LogRecord, double?> number, object? none = null) => Numbers(number, Variance, none, least: 2);

    /// <summary>Its root.</summary>
    public Expected Deviation(Func<LogRecord, double?> number, object? none = null) => Numbers(
        number, numbers => Math.Sqrt(Variance(numbers)), none, least: 2);

    /// <summary>The middle one, between the two nearest ranks where there are two.</summary>
    public Expected Median(Func<LogRecord, double?> number) => Numbers(
        number,
        numbers =>
        {
            double[] sorted = [.. numbers.Order()];
            var (low, high) = (sorted[(sorted.Length - 1) / 2], sorted[sorted.Length / 2]);
            return low + ((high - low) / 2);
        },
        null);

    /// <summary>The sum of one number over that of another.</summary>
    public Expected Ratio(Func<LogRecord, double?> above, Func<LogRecord, double?> below)
    {
        var sum = _events.Sum(below);
        return sum is null or 0 ? new Expected(null, null, 0) : Expected.Of(_events.Sum(above) / sum, _events, _time);
    }

    /// <summary>How many texts.</summary>
    public Expected Distinct(Func<LogRecord, string?> text, bool isApproximate = false)
    {
        var with = _events.FindAll(each => text(each) is not null);
        var expected = Expected.Of((double)with.Select(text).Distinct().Count(), with, _time);
        return isApproximate && with.Count > ExactEvents ? expected with { Tolerance = ApproximateShare } : expected;
    }

    /// <summary>The newest one's text.</summary>
    public Expected Last(Func<LogRecord, string?> text) => Expected.Of(_events.Select(text).LastOrDefault(), _events, _time);

    /// <summary>The newest one's number.</summary>
    public Expected LastNumber(Func<LogRecord, double?> number) => Numbers(number, static numbers => numbers[^1], null);

    /// <summary>The oldest one's text.</summary>
    public Expected First(Func<LogRecord, string?> text) => Expected.Of(_events.Select(text).FirstOrDefault(), _events, _time);

    /// <summary>Seconds since the newest.</summary>
    public Expected SinceLast(double none) => _events.Count == 0
        ? new Expected(none, null, 0)
        : Expected.Of((_at - _events[^1].Millis(_time)) / 1000.0, _events, _time);

    private static double Variance(List<double> numbers)
    {
        var mean = numbers.Average();
        return numbers.Sum(number => (number - mean) * (number - mean)) / (numbers.Count - 1);
    }

    private Expected Numbers(Func<LogRecord, double?> number, Func<List<double>, double> of, object? none, int least = 1)
    {
        var with = _events.FindAll(each => number(each) is not null);
        return with.Count < least ? new Expected(none, null, 0) : Expected.Of(of([.. with.Select(each => number(each)!.Value)]), with, _time);
    }
}
