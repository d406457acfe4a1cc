namespace Streaming.Features.Tests.Kit;

/// <summary>
/// What is known at a time, written from docs/feature-language.md alone: of each id the event that became known last by then; of several at
/// once, the last in the log.
/// </summary>
internal static class NaiveCorrections
{
    public static long KnownAt(Transaction e) => Math.Max(e.Time, e.Seen ?? long.MinValue);

    public static Transaction[] KnownBy(IEnumerable<Transaction> events, long at, bool corrects) =>
    [
        .. events.Where(e => KnownAt(e) <= at)
            .Select((e, i) => (Event: e, Id: corrects && !string.IsNullOrEmpty(e.Id) ? e.Id : $"#{i}"))
            .GroupBy(e => e.Id, e => e.Event)
            .Select(versions => versions.OrderBy(KnownAt).ThenBy(e => e.Partition).ThenBy(e => e.Offset).Last()),
    ];
}
