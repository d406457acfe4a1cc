using System.Collections.Immutable;

namespace Streaming.Log.Streams;

/// <summary>The highest offset of each group and partition among many; commits those.</summary>
public sealed class CommittableOffsetBatch : ICommittable
{
    private readonly ImmutableArray<ICommittable> _latest;

    private CommittableOffsetBatch(ImmutableArray<ICommittable> latest, int count)
    {
        _latest = latest;
        Count = count;
    }

    /// <summary>Offsets that went in.</summary>
    public int Count { get; }

    /// <summary>Joins offsets, and what else is committable, which is committed as it is.</summary>
    public static CommittableOffsetBatch Create(IEnumerable<ICommittable> offsets)
    {
        ArgumentNullException.ThrowIfNull(offsets);
        var others = ImmutableArray.CreateBuilder<ICommittable>();
        var highest = new Dictionary<(string, string, int), ICommittableOffset>();
        var count = 0;
        foreach (var committable in offsets)
        {
            count++;
            if (committable is not ICommittableOffset offset)
            {
                others.Add(committable);
                continue;
            }

            var key = (offset.Offset.GroupId, offset.Offset.Topic, offset.Offset.Partition);
            if (!highest.TryGetValue(key, out var known) || known.Offset.Offset < offset.Offset.Offset)
            {
                highest[key] = offset;
            }
        }

        others.AddRange(highest.Values);
        return new CommittableOffsetBatch(others.ToImmutable(), count);
    }

    /// <inheritdoc/>
    public Task Commit() => Task.WhenAll(_latest.Select(static one => one.Commit()));
}
