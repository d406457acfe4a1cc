// Hot: Add runs once per score.
using Microsoft.Extensions.ObjectPool;
using Streaming.Features.Plans;
using Streaming.Log;
using Streaming.Scoring.Requests;

namespace Streaming.Scoring.ScoreLogs;

/// <summary>The way of one version of a model into the <see cref="ScoreLog"/> that all share. Thread-safe.</summary>
public sealed class ScoreLogLane
{
    private readonly ScoreLog _log;
    private readonly ScoreEvents _events;
    private readonly TimeProvider _clock;
    private readonly DefaultObjectPool<ScoreEntry> _free;

    internal ScoreLogLane(ScoreLog log, ScoreEvents events, RequestSchema schema, ServicePlan service, int kept, TimeProvider clock)
    {
        (_log, _events, _clock) = (log, events, clock);
        _free = new(new EntryPolicy(this, schema, service), kept);
    }

    /// <summary>Queues a copy of an answered call, or counts it as dropped if the queue is full.</summary>
    internal void Add(ScoreCall call)
    {
        var entry = _free.Get();
        entry.Copy(call, _clock.GetUtcNow().ToUnixTimeMilliseconds());
        _log.Add(entry);
    }

    /// <summary>Takes ownership of a copied answer, or counts it as dropped if the queue is full.</summary>
    internal void Add(ScoreEntry entry)
    {
        entry.Lane = this;
        _log.Add(entry);
    }

    /// <summary>Adds the record of an answer. For the log's own thread.</summary>
    internal void Write(ScoreEntry entry, int schemaId, RecordBatch records) => _events.Add(entry, schemaId, records);

    /// <summary>Takes an entry back.</summary>
    internal void Return(ScoreEntry entry) => _free.Return(entry);

    private sealed class EntryPolicy(ScoreLogLane lane, RequestSchema schema, ServicePlan service) : PooledObjectPolicy<ScoreEntry>
    {
        public override ScoreEntry Create() => new(schema, service) { Lane = lane };

        public override bool Return(ScoreEntry obj)
        {
            obj.Trim();
            return true;
        }
    }
}
