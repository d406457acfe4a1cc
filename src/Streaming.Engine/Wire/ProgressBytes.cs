using System.Collections.Immutable;
using Streaming.Engine.Checkpoints;
using Streaming.Engine.Shards;
using Streaming.Engine.Sources;
using Streaming.Log;

namespace Streaming.Engine.Wire;

/// <summary>What sources say to keepers, and keepers to sources.</summary>
internal static class ProgressBytes
{
    private const int PartitionBytes = 2 * sizeof(int);
    private const int MarkBytes = PartitionBytes + (3 * sizeof(long));
    private const int LossBytes = PartitionBytes + sizeof(long);
    private const int StampBytes = 16 + (2 * sizeof(long));
    private const int TypeBytes = 3 * sizeof(int);

    public static IEnumerable<WireCodec> Codecs =>
    [
        WireCodec.Of<SourceProtocol.Progress>(
            "progress",
            static (output, message) =>
            {
                output.Partition(message.Run.Partition);
                output.Mark(message.Run.Confirmed);
                Write(output, message.Run.Basis);
            },
            static (_, ref input) =>
                new SourceProtocol.Progress(new RunProgress(input.Partition(), input.Mark(), ReadBasis(ref input)))),
        WireCodec.Of<ShardProtocol.Vouched>(
            "vouched",
            static (output, message) =>
            {
                output.Text(message.Type);
                output.Int(message.Shard);
                Write(output, message.Word);
            },
            static (_, ref input) => new ShardProtocol.Vouched(input.Name(), input.Int(), ReadWord(ref input))),
    ];

    private static void Write(WireWriter output, RunBasis basis)
    {
        output.Int(basis.Types.Length);
        foreach (var (type, first, shards) in basis.Types)
        {
            output.Text(type);
            output.Int(first);
            output.Int(shards.Length);
            foreach (var stamp in shards)
            {
                output.Stamp(stamp);
            }
        }
    }

    private static RunBasis ReadBasis(ref WireReader input)
    {
        var types = new (string, int, ImmutableArray<ShardStamp>)[input.Count(TypeBytes)];
        for (var i = 0; i < types.Length; i++)
        {
            var (type, first) = (input.Name(), input.Int());
            var shards = new ShardStamp[input.Count(StampBytes)];
            for (var shard = 0; shard < shards.Length; shard++)
            {
                shards[shard] = input.Stamp();
            }

            types[i] = (type, first, [.. shards]);
        }

        return new RunBasis([.. types]);
    }

    private static void Write(WireWriter output, ShardVouch word)
    {
        output.Token(word.Token);
        output.Long(word.Number);
        output.Int(word.Durable.ByPartition.Count);
        foreach (var (partition, mark) in word.Durable.ByPartition)
        {
            output.Partition(partition);
            output.Mark(mark);
        }

        output.Long(word.LossesOfAll);
        output.Int(word.Losses.Count);
        foreach (var (partition, losses) in word.Losses)
        {
            output.Partition(partition);
            output.Long(losses);
        }
    }

    private static ShardVouch ReadWord(ref WireReader input)
    {
        var (token, number) = (input.Token(), input.Long());
        var marks = new KeyValuePair<TopicPartition, PartitionMark>[input.Count(MarkBytes)];
        for (var i = 0; i < marks.Length; i++)
        {
            marks[i] = new(input.Partition(), input.Mark());
        }

        var ofAll = input.Long();
        var losses = new KeyValuePair<TopicPartition, long>[input.Count(LossBytes)];
        for (var i = 0; i < losses.Length; i++)
        {
            losses[i] = new(input.Partition(), input.Long());
        }

        return ShardVouch.Of(token, number, Marks.Of(marks), ofAll, losses);
    }
}
