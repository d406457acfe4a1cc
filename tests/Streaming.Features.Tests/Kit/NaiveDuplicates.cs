namespace Streaming.Features.Tests.Kit;

/// <summary>
/// Which events of an entity came before, written from docs/feature-language.md alone: it keeps every id for ever, and looks at all of them.
/// </summary>
internal sealed class NaiveDuplicates(long horizon)
{
    private readonly List<(int Partition, string Id, long Time)> _seen = [];

    public bool IsCopy(Transaction e)
    {
        var remembered = _seen
            .Where(seen => seen.Id == e.Id && seen.Time > NewestOf(seen.Partition) - horizon && Math.Abs(seen.Time - e.Time) < horizon)
            .ToArray();
        if (!remembered.Any(seen => seen.Partition == e.Partition))
        {
            _seen.Add((e.Partition, e.Id!, e.Time));
        }

        return remembered.Length > 0;
    }

    /// <summary>The events that count, in their order.</summary>
    public static Transaction[] First(IEnumerable<Transaction> events, long horizon)
    {
        var naive = new NaiveDuplicates(horizon);
        return [.. events.Where(e => !naive.IsCopy(e))];
    }

    private long NewestOf(int partition) => _seen.Where(seen => seen.Partition == partition).Max(seen => seen.Time);
}
