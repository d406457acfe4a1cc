namespace Streaming.Log.Embedded;

/// <summary>How an <see cref="EmbeddedEventLog"/> works; the defaults are those of reference.conf, right for one machine.</summary>
/// <param name="Path">The database file; made when missing, with <c>-wal</c> and <c>-shm</c> beside it. On a local disk, not a network
/// share.</param>
public sealed record EmbeddedLogSettings(string Path)
{
    /// <summary>
    /// Whether each commit is forced to the disk (SQLite's synchronous=FULL). False (NORMAL): nothing is lost when the process dies,
    /// the last moments may be when the power does; the file is sound in either case.
    /// </summary>
    public bool SurvivesPowerLoss { get; init; } = LogDefaults.Flag("streaming.log.embedded.survives-power-loss");

    /// <summary>Threads that read; each has a connection of its own. At least 1.</summary>
    public int ReaderThreads { get; init; } = Math.Clamp(Environment.ProcessorCount, 2, 8);

    /// <summary>Appends and commits that may wait for the writer; more wait in AppendAsync.</summary>
    public int QueueLengthMax { get; init; } = LogDefaults.Number("streaming.log.embedded.queue-length-max");

    /// <summary>
    /// Key and value bytes that one transaction takes before it is committed, and that one read returns; a larger append or record still
    /// goes in whole.
    /// </summary>
    public int TransactionBytesMax { get; init; } = LogDefaults.Number("streaming.log.embedded.transaction-bytes-max");

    /// <summary>How often the file is checked for other processes' commits while some arrived lately.</summary>
    public TimeSpan PollInterval { get; init; } = LogDefaults.Span("streaming.log.embedded.poll-interval");

    /// <summary>
    /// How often otherwise: the longest that another process's append stays unseen. 20 ms cost well under 1 % of a core.
    /// </summary>
    public TimeSpan PollIntervalIdle { get; init; } = LogDefaults.Span("streaming.log.embedded.poll-interval-idle");

    /// <summary>How long to wait for another process's transaction before an append fails as retriable.</summary>
    public TimeSpan BusyTimeout { get; init; } = LogDefaults.Span("streaming.log.embedded.busy-timeout");

    /// <summary>The clock. No record's timestamp may be more than an hour ahead of it.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    internal void Validate()
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(Path);
        ArgumentOutOfRangeException.ThrowIfLessThan(ReaderThreads, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(QueueLengthMax, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(TransactionBytesMax, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(PollInterval, TimeSpan.FromMilliseconds(1));
        ArgumentOutOfRangeException.ThrowIfLessThan(PollIntervalIdle, PollInterval);
        ArgumentOutOfRangeException.ThrowIfLessThan(BusyTimeout, TimeSpan.Zero);
    }
}
