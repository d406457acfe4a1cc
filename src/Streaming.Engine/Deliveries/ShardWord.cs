using Streaming.Engine.Checkpoints;

namespace Streaming.Engine.Deliveries;

/// <summary>
/// What the sources of this node know of a shard: what they have heard of it, or, where they may look, what it says now. Thread-safe.
/// </summary>
/// <param name="type">The entity type's name.</param>
/// <param name="number">The shard's number.</param>
/// <param name="shard">The shard, where they may look; null where they hear.</param>
internal sealed class ShardWord(string type, int number, Shard? shard)
{
    private readonly TaskCompletionSource _known = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile ShardVouch? _heard;

    /// <summary>The entity type's name.</summary>
    public string Type { get; } = type;

    /// <summary>The shard's number.</summary>
    public int Number { get; } = number;

    /// <summary>What they go by; null while it is not known.</summary>
    public ShardVouch? Vouch => shard is null ? _heard : shard.Vouch;

    /// <summary>Completes when it is known.</summary>
    public Task KnownAsync() => shard is null ? _known.Task : shard.OpenedAsync();

    /// <summary>A word of the shard has come. By one thread.</summary>
    public void Hear(ShardVouch word)
    {
        _heard = ShardVouch.Later(_heard, word);
        _known.TrySetResult();
    }
}
