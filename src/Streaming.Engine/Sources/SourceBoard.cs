using System.Collections.Concurrent;
using Streaming.Features.Events;
using Streaming.Log;

namespace Streaming.Engine.Sources;

/// <summary>Where the sources of this process post how they are. Thread-safe; written once per read.</summary>
internal sealed class SourceBoard
{
    private readonly ConcurrentDictionary<TopicPartition, PartitionStatus> _sources = new();
    private long _newest = long.MinValue;
    private int _expected = int.MaxValue;

    /// <summary>All sources.</summary>
    public IReadOnlyList<PartitionStatus> All => [.. _sources.Values.OrderBy(s => s.Partition.Topic, StringComparer.Ordinal).ThenBy(s => s.Partition.Partition)];

    /// <summary>The newest event time applied.</summary>
    public EventTime Newest => new(Volatile.Read(ref _newest));

    /// <summary>Whether every source is there and none is catching up or paused.</summary>
    public bool IsCaughtUp => _sources.Count >= _expected && _sources.Values.All(s => s.State == PartitionState.Live);

    /// <summary>How many sources there will be.</summary>
    public void Expect(int sources) => Volatile.Write(ref _expected, sources);

    /// <summary>Posts a source's status.</summary>
    public void Post(PartitionStatus status)
    {
        _sources[status.Partition] = status;
        var newest = Volatile.Read(ref _newest);
        while (status.Watermark.Millis > newest)
        {
            var seen = Interlocked.CompareExchange(ref _newest, status.Watermark.Millis, newest);
            if (seen == newest)
            {
                break;
            }

            newest = seen;
        }
    }
}
