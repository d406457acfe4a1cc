// Hot: an entry is rented once per score.
using Microsoft.Extensions.ObjectPool;
using Streaming.Features.Plans;
using Streaming.Scoring.Requests;

namespace Streaming.Scoring.ScoreLogs;

/// <summary>Lends entries of one schema. Thread-safe.</summary>
/// <param name="schema">What the requests look like.</param>
/// <param name="service">The feature service.</param>
/// <param name="kept">How many entries are kept for later.</param>
internal sealed class ScoreEntryPool(RequestSchema schema, ServicePlan service, int kept)
{
    private readonly DefaultObjectPool<ScoreEntry> _free = new(new Policy(schema, service), kept);

    /// <summary>An entry, which goes back by <see cref="ScoreEntry.Return"/>.</summary>
    public ScoreEntry Rent()
    {
        var entry = _free.Get();
        entry.Home = this;
        return entry;
    }

    /// <summary>Takes an entry back.</summary>
    public void Return(ScoreEntry entry) => _free.Return(entry);

    private sealed class Policy(RequestSchema schema, ServicePlan service) : PooledObjectPolicy<ScoreEntry>
    {
        public override ScoreEntry Create() => new(schema, service);

        public override bool Return(ScoreEntry obj)
        {
            obj.Trim();
            return true;
        }
    }
}
