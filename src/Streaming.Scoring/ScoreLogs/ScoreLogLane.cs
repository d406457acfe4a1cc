// Hot: Add runs once per score.
using Streaming.Log;
using Streaming.Scoring.Requests;

namespace Streaming.Scoring.ScoreLogs;

/// <summary>The way of one version of a model into the <see cref="ScoreLog"/> that all share. Thread-safe.</summary>
public sealed class ScoreLogLane
{
    private readonly ScoreLog _log;
    private readonly ScoreEvents _events;
    private readonly ScoreEntryPool _entries;

    internal ScoreLogLane(ScoreLog log, ScoreEvents events, ScoreEntryPool entries) => (_log, _events, _entries) = (log, events, entries);

    /// <summary>Queues a copy of an answered call, or counts it as dropped if the queue is full.</summary>
    internal void Add(ScoreCall call, long answeredAtMillis)
    {
        var entry = _entries.Rent();
        entry.Copy(call, answeredAtMillis);
        Add(entry);
    }

    /// <summary>Takes ownership of a copied answer, or counts it as dropped if the queue is full.</summary>
    internal void Add(ScoreEntry entry)
    {
        entry.Lane = this;
        _log.Add(entry);
    }

    /// <summary>Adds the record of an answer. For the log's own thread.</summary>
    internal void Write(ScoreEntry entry, int schemaId, RecordBatch records) => _events.Add(entry, schemaId, records);
}
