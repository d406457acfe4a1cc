// Hot: one call for each delivery that leaves the process.
using Streaming.Engine.Deliveries;
using Streaming.Features.Events;

namespace Streaming.Engine.Wire;

/// <summary>
/// A delivery: its run and read, the key, and of its rows the columns that the feed's views read, one column after the
/// other.
/// </summary>
internal static class DeliveryBytes
{
    private const int SharedRows = 1_024;
    private static readonly int[] s_rows = [.. Enumerable.Range(0, SharedRows)];

    public static void Write(WireContext context, WireWriter output, Delivery delivery)
    {
        var columns = context.ColumnsOf(delivery.Feed);
        output.Long((long)columns.Id);
        output.Int(delivery.Batch.Partition);
        output.Guid(delivery.Run.Id.Source);
        output.Long(delivery.Run.Id.Number);
        output.Text(WireContext.PathOf(delivery.Run.Source));
        var (shard, stamp) = delivery.Run.Basis.Of(delivery.Feed.Entity.Name, delivery.Key);
        output.Int(shard);
        output.Stamp(stamp);
        output.Long(delivery.Read.Number);
        output.Int(delivery.Number);
        output.Flag(delivery.IsMissed);
        output.Long(delivery.PreviousOffset);
        output.Bytes(delivery.Key);
        output.Int(delivery.Rows.Count);
        foreach (var row in delivery.Rows)
        {
            output.Long(delivery.Batch.Offsets[row]);
        }

        foreach (var field in columns.Fields)
        {
            var column = delivery.Batch[field]!;
            foreach (var row in delivery.Rows)
            {
                output.Cell(column, row);
            }
        }
    }

    public static object Read(WireContext context, ref WireReader input)
    {
        var columns = context.ColumnsOf((ulong)input.Long());
        var partition = input.Int();
        var id = new RunId(input.Guid(), input.Long());
        var run = context.RunOf(id, input.Name(), (columns.Feed.Entity.Name, input.Int(), input.Stamp()));
        var (read, number, isMissed) = (new SentReceipt(run, input.Long()), input.Int(), input.Flag());
        var (previous, key) = (input.Long(), input.Bytes());
        var batch = ReadBatch(columns, partition, ref input);
        var rows = batch.Count <= SharedRows ? s_rows : [.. Enumerable.Range(0, batch.Count)];
        return new Delivery(key, previous, run, read, number, columns.Feed, batch, new ArraySegment<int>(rows, 0, batch.Count))
        {
            IsMissed = isMissed,
        };
    }

    private static EventBatch ReadBatch(FeedColumns columns, int partition, ref WireReader input)
    {
        var count = input.Count(sizeof(long));
        var batch = new EventBatch(columns.Feed.Source, columns.Wanted.AsSpan(), count) { Partition = partition, Count = count };
        for (var row = 0; row < count; row++)
        {
            batch.Offsets[row] = input.Long();
        }

        foreach (var field in columns.Fields)
        {
            for (var row = 0; row < count; row++)
            {
                input.Cell(batch[field]!, row);
            }
        }

        return batch;
    }
}
