using Streaming.Engine.Shards;
using Streaming.Engine.Sources;

namespace Streaming.Engine.Wire;

/// <summary>What starts keepers and sources, and what keepers say to entities.</summary>
internal static class ShardBytes
{
    public static IEnumerable<WireCodec> Codecs =>
    [
        WireCodec.Of<ShardProtocol.Ensure>(
            "ensure-keeper",
            static (output, message) => output.Int(message.Shard),
            static (_, ref input) => new ShardProtocol.Ensure(input.Int())),
        WireCodec.Of<SourceProtocol.Ensure>(
            "ensure-source",
            static (output, message) => output.Partition(message.Partition),
            static (_, ref input) => new SourceProtocol.Ensure(input.Partition())),
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
}
