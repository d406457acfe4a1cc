using Streaming.Engine.Checkpoints;
using Streaming.Engine.Shards;
using Streaming.Engine.Sources;
using Streaming.Log;
using Streaming.Persistence.Redis.Slots;

namespace Streaming.Engine.Wire;

/// <summary>What starts keepers and sources, what keepers say to sources, and what they say to entities.</summary>
internal static class ShardBytes
{
    private const int MarkBytes = (2 * sizeof(int)) + (3 * sizeof(long));

    public static IEnumerable<WireCodec> Codecs =>
    [
        WireCodec.Of<ShardProtocol.Ensure>(
            "ensure-keeper",
            static (output, message) => output.Int(message.Shard),
            static (_, ref input) => new ShardProtocol.Ensure(input.Int())),
        WireCodec.Of<SourceProtocol.Ensure>(
            "ensure-source",
            static (output, message) => Write(output, message.Partition),
            static (_, ref input) => new SourceProtocol.Ensure(ReadPartition(ref input))),
        WireCodec.Of<ShardProtocol.ShardOpened>(
            "shard-opened",
            static (output, message) =>
            {
                output.Text(message.Type);
                output.Int(message.Shard);
                output.Long(message.Token.Epoch);
                output.Guid(message.Token.Owner);
                Write(output, message.Durable);
            },
            static (_, ref input) => new ShardProtocol.ShardOpened(
                input.Name(), input.Int(), new SlotToken(input.Long(), input.Guid()), ReadMarks(ref input))),
        WireCodec.Of<ShardProtocol.Recall>(
            "recall",
            static (output, message) => output.Bytes(message.Key),
            static (_, ref input) => new ShardProtocol.Recall(input.Bytes())),
        WireCodec.Of<ShardProtocol.Leave>("leave", static (_, _) => { }, static (_, ref _) => ShardProtocol.Leave.Instance),
        WireCodec.Of<ShardProtocol.TakeSnapshot>(
            "take-snapshot",
            static (output, message) =>
            {
                output.Text(WireContext.PathOf(message.Keeper));
                output.Int(message.Flush);
            },
            static (context, ref input) => new ShardProtocol.TakeSnapshot(context.ActorOf(input.Name()), input.Int())),
    ];

    private static void Write(WireWriter output, TopicPartition partition)
    {
        output.Text(partition.Topic);
        output.Int(partition.Partition);
    }

    private static TopicPartition ReadPartition(ref WireReader input) => new(input.Name(), input.Int());

    private static void Write(WireWriter output, Marks marks)
    {
        output.Int(marks.ByPartition.Count);
        foreach (var (partition, mark) in marks.ByPartition)
        {
            Write(output, partition);
            output.Long(mark.Offset);
            output.Long(mark.WatermarkMillis);
            output.Long(mark.NewestByClockMillis);
        }
    }

    private static Marks ReadMarks(ref WireReader input)
    {
        var marks = new KeyValuePair<TopicPartition, PartitionMark>[input.Count(MarkBytes)];
        for (var i = 0; i < marks.Length; i++)
        {
            marks[i] = new(ReadPartition(ref input), new PartitionMark(input.Long(), input.Long(), input.Long()));
        }

        return Marks.Of(marks);
    }
}
