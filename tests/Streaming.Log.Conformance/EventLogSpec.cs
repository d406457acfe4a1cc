namespace Streaming.Log.Conformance;

/// <summary>
/// What every event log does. A log's own spec inherits it, opens the log, and says what its broker cannot do; each test makes topics
/// of its own.
/// </summary>
public abstract partial class EventLogSpec : IAsyncLifetime
{
    private IEventLog? _log;

    /// <summary>The log under test.</summary>
    protected IEventLog Log => _log ?? throw new InvalidOperationException("The log is not open.");

    /// <summary>No test waits longer than this.</summary>
    protected static CancellationToken Bounded => new CancellationTokenSource(Batches.Bound).Token;

    /// <summary>Why this log cannot be tested here; null when it can.</summary>
    protected virtual string? SkipReason => null;

    /// <summary>Opens the log.</summary>
    protected abstract Task<IEventLog> OpenAsync();

    /// <summary>Makes a topic; another way where the log's own does not work.</summary>
    protected virtual Task<TopicDescription> CreateTopicAsync(string topic, int partitions) => Log.CreateTopicAsync(topic, partitions, Bounded);

    /// <inheritdoc/>
    public async Task InitializeAsync() => _log = SkipReason is null ? await OpenAsync() : null;

    /// <inheritdoc/>
    public async Task DisposeAsync()
    {
        if (_log is not null)
        {
            await _log.DisposeAsync();
        }
    }

    /// <summary>A new topic.</summary>
    protected async Task<string> TopicAsync(int partitions = 1)
    {
        RequireLog();
        var topic = $"spec-{Guid.NewGuid():N}";
        await CreateTopicAsync(topic, partitions);
        return topic;
    }

    /// <summary>A new topic's only partition.</summary>
    protected async Task<TopicPartition> PartitionAsync() => new(await TopicAsync(), 0);

    /// <summary>Skips where there is no log.</summary>
    protected void RequireLog() => Skip.If(SkipReason is not null, SkipReason);

    private async Task<RecordBatch> ReadFromAsync(TopicPartition partition, long from, int records, int recordsMax = 10_000)
    {
        await using var reader = Log.Read(partition, from);
        return await Batches.ReadAsync(reader, records, recordsMax);
    }
}
