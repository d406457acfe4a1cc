namespace Streaming.Engine.Sources;

/// <summary>
/// What an operator should know of a partition although nothing is paused: one text for each matter, with the time of the newest.
/// </summary>
internal sealed class SourceNotices(TimeProvider time)
{
    /// <summary>Events that the log's retention took before they were read.</summary>
    public const string Retention = "retention";

    /// <summary>Events whose times are ahead of this node's clock.</summary>
    public const string Clock = "clock";

    /// <summary>Events that an open transaction holds back.</summary>
    public const string Transaction = "transaction";

    /// <summary>Commits that fail.</summary>
    public const string Commit = "commit";

    private readonly SortedDictionary<string, (string Text, DateTimeOffset At)> _notices = new(StringComparer.Ordinal);

    /// <summary>All texts; null when there is none.</summary>
    public string? Text => _notices.Count == 0 ? null : string.Join("; ", _notices.Values.Select(notice => notice.Text));

    /// <summary>When the newest was made; null when there is none.</summary>
    public DateTimeOffset? At => _notices.Count == 0 ? null : _notices.Values.Max(notice => notice.At);

    /// <summary>Makes or replaces a notice.</summary>
    /// <returns>Whether there was none of the matter.</returns>
    public bool Set(string matter, string text)
    {
        var isNew = !_notices.ContainsKey(matter);
        _notices[matter] = (text, time.GetUtcNow());
        return isNew;
    }

    /// <summary>Takes a notice away; false when there was none.</summary>
    public bool Remove(string matter) => _notices.Remove(matter);
}
