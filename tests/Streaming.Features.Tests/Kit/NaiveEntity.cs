namespace Streaming.Features.Tests.Kit;

/// <summary>The naive twin of entity state: it keeps every event for ever and looks at all of them for every answer.</summary>
internal sealed class NaiveEntity
{
    private readonly List<Transaction> _events = [];

    public IReadOnlyList<Transaction> Events => _events;

    public long Newest => _events.Max(e => e.Time);

    public void Apply(Transaction transaction) => _events.Add(transaction);

    /// <summary>Events with <c>t - d - w &lt; ts &lt;= t - d</c>, by time and then by place in the log; a null window is the lifetime.</summary>
    public List<Transaction> Window(long at, long delay, long? window) =>
    [
        .. _events.Where(e => e.Time <= at - delay && (window is null || e.Time > at - delay - window))
            .OrderBy(e => e.Time).ThenBy(e => e.Partition).ThenBy(e => e.Offset),
    ];
}
