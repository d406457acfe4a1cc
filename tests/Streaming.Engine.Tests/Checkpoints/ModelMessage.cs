using Streaming.Engine.Checkpoints;

namespace Streaming.Engine.Tests.Checkpoints;

/// <summary>A message between a source and an entity, or between a source and a keeper.</summary>
internal abstract record ModelMessage
{
    /// <summary>The run that it is of; null where it is of none.</summary>
    public ModelRun? Run { get; init; }

    /// <summary>An event to its entity.</summary>
    public sealed record Delivery(int Partition, int Entity, int Offset, int Previous) : ModelMessage;

    /// <summary>It is applied.</summary>
    public sealed record Confirmation(int Partition, int Offset) : ModelMessage;

    /// <summary>To the source: end the run.</summary>
    public sealed record End(int Partition) : ModelMessage;

    /// <summary>To the keepers: what a run has confirmed.</summary>
    public sealed record Progress(RunProgress Confirmed) : ModelMessage;

    /// <summary>To the sources: what a shard vouches for.</summary>
    public sealed record Vouch(int Shard, ShardVouch Word) : ModelMessage;
}
