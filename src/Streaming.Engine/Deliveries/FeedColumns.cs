// Hot: one call for each row that leaves the process.
using System.Collections.Immutable;
using System.IO.Hashing;
using System.Text;
using Streaming.Features.Events;
using Streaming.Features.Plans;

namespace Streaming.Engine.Deliveries;

/// <summary>The fields of an event that an entity needs by a feed: what a delivery takes along to another node.</summary>
internal sealed class FeedColumns
{
    public FeedColumns(EntityFeed feed)
    {
        Feed = feed;
        var wanted = new bool[feed.Source.Fields.Length];
        feed.VisitInputs(field => wanted[field] = true);

        Wanted = [.. wanted];
        Fields = [.. Enumerable.Range(0, wanted.Length).Where(field => wanted[field])];
        Id = XxHash3.HashToUInt64(Encoding.UTF8.GetBytes(string.Join('\n', [
            feed.Entity.Name,
            feed.Name,
            .. Fields.Select(field => $"{feed.Source.Fields[field].Name}:{feed.Source.Fields[field].Type}"),
        ])));
    }

    /// <summary>The feed.</summary>
    public EntityFeed Feed { get; }

    /// <summary>Per field of the source whether a view reads it. The entity's key is one only where a feature computes with it.</summary>
    public ImmutableArray<bool> Wanted { get; }

    /// <summary>The fields that views read, ascending.</summary>
    public ImmutableArray<int> Fields { get; }

    /// <summary>Names feed and columns: the same on all nodes that have the same definitions of this feed.</summary>
    public ulong Id { get; }

    /// <summary>Bytes that a row takes in a message.</summary>
    public int RowBytes(EventBatch batch, int row)
    {
        var bytes = sizeof(long);
        foreach (var field in Fields)
        {
            bytes += batch[field] is TextColumn texts ? sizeof(int) + texts[row].Length : sizeof(long);
        }

        return bytes;
    }
}
