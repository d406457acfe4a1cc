using System.Collections.Concurrent;

namespace Streaming.Chaos.Loads;

/// <summary>What was sent, what was acknowledged, and what the node answered meanwhile. Thread-safe.</summary>
internal sealed class Ledger
{
    private const int ViolationsMax = 20;
    private readonly ConcurrentDictionary<string, bool> _acknowledged = [];
    private readonly ConcurrentQueue<string> _violations = new();
    private readonly ConcurrentDictionary<string, long> _counts = [];

    /// <summary>Ids of events that the node or the log has acknowledged.</summary>
    public IEnumerable<string> Acknowledged => _acknowledged.Keys;

    /// <summary>Answers that must not be.</summary>
    public IReadOnlyCollection<string> Violations => _violations;

    /// <summary>An event is durable.</summary>
    public void Acknowledge(string id) => _acknowledged[id] = true;

    /// <summary>Counts something that happened.</summary>
    public void Count(string what) => _counts.AddOrUpdate(what, 1, static (_, count) => count + 1);

    /// <summary>How often it happened.</summary>
    public long CountOf(string what) => _counts.GetValueOrDefault(what);

    /// <summary>An answer that must not be.</summary>
    public void Violate(string text)
    {
        if (_violations.Count < ViolationsMax)
        {
            _violations.Enqueue(text);
        }
    }
}
