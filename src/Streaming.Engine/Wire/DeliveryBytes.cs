// Hot: one call for each bundle that leaves the process.
using Streaming.Engine.Deliveries;
using Streaming.Features.Events;

namespace Streaming.Engine.Wire;

/// <summary>
/// A bundle of deliveries: their run and read, then each one's key and place in the chain, then of all their rows the columns that the
/// feed's views read, one column after the other.
/// </summary>
internal static class DeliveryBytes
{
    private const int SharedRows = 1_024;
    private const int HeadBytes = (2 * sizeof(int)) + sizeof(long);
    private static readonly int[] s_rows = [.. Enumerable.Range(0, SharedRows)];

    public static void Write(WireContext context, WireWriter output, DeliveryBundle bundle)
    {
        var first = bundle.Deliveries[0];
        var (batch, columns) = (first.Batch, context.ColumnsOf(first.Feed));
        WriteHead(output, first, columns, bundle.Deliveries.Count);
        foreach (var delivery in bundle.Deliveries)
        {
            output.Bytes(delivery.Key);
            output.Long(delivery.PreviousOffset);
            output.Int(delivery.Rows.Count);
        }

        foreach (var delivery in bundle.Deliveries)
        {
            foreach (var row in delivery.Rows)
            {
                output.Long(batch.Offsets[row]);
            }
        }

        foreach (var field in columns.Fields)
        {
            var column = batch[field]!;
            foreach (var delivery in bundle.Deliveries)
            {
                foreach (var row in delivery.Rows)
                {
                    output.Cell(column, row);
                }
            }
        }
    }

    private static void WriteHead(WireWriter output, Delivery first, FeedColumns columns, int deliveries)
    {
        output.Long((long)columns.Id);
        output.Int(first.Batch.Partition);
        output.Guid(first.Run.Id.Source);
        output.Long(first.Run.Id.Number);
        output.Text(WireContext.PathOf(first.Run.Source));
        var (shard, stamp) = first.Run.Basis.Of(first.Feed.Entity.Name, first.Key);
        output.Int(shard);
        output.Stamp(stamp);
        output.Long(first.Read.Number);
        output.Int(first.Number);
        output.Int(deliveries);
    }

    public static object Read(WireContext context, ref WireReader input)
    {
        var columns = context.ColumnsOf((ulong)input.Long());
        var (partition, id) = (input.Int(), new RunId(input.Guid(), input.Long()));
        var (source, shard, stamp) = (input.Name(), input.Int(), input.Stamp());
        var run = context.RunOf(id, source, (columns.Feed.Entity.Name, shard, stamp));
        var (read, first) = (input.Long(), input.Int());
        var heads = new (byte[] Key, long Previous, int Rows)[input.Count(HeadBytes)];
        var count = 0L;
        for (var i = 0; i < heads.Length; i++)
        {
            heads[i] = (input.Bytes(), input.Long(), input.Count(sizeof(long)));
            count += heads[i].Rows;
        }

        if (heads.Length == 0)
        {
            throw new FormatException("a bundle has no deliveries");
        }

        var batch = ReadBatch(columns, partition, input.Checked((int)Math.Min(count, int.MaxValue), sizeof(long)), ref input);
        return new DeliveryBundle(shard, Deliveries(heads, run, new SentReceipt(run, read, first, heads.Length), first, columns, batch));
    }

    private static Delivery[] Deliveries(
        (byte[] Key, long Previous, int Rows)[] heads, DeliveryRun run, SentReceipt read, int number, FeedColumns columns, EventBatch batch)
    {
        var rows = batch.Count <= SharedRows ? s_rows : [.. Enumerable.Range(0, batch.Count)];
        var (deliveries, start) = (new Delivery[heads.Length], 0);
        for (var i = 0; i < heads.Length; i++)
        {
            var own = new ArraySegment<int>(rows, start, heads[i].Rows);
            deliveries[i] = new Delivery(heads[i].Key, heads[i].Previous, run, read, number + i, columns.Feed, batch, own);
            start += own.Count;
        }

        return deliveries;
    }

    private static EventBatch ReadBatch(FeedColumns columns, int partition, int count, ref WireReader input)
    {
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
