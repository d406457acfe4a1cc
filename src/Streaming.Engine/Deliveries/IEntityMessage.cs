namespace Streaming.Engine.Deliveries;

/// <summary>A message to one entity, addressed by its key; the shard region finds the shard by it.</summary>
internal interface IEntityMessage
{
    /// <summary>The entity key, UTF-8.</summary>
    byte[] Key { get; }
}
