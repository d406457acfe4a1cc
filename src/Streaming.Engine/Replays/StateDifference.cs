namespace Streaming.Engine.Replays;

/// <summary>An entity whose live state is not what the log gives.</summary>
/// <param name="Entity">Its type and masked key.</param>
/// <param name="Detail">What differs, for people.</param>
public sealed record StateDifference(string Entity, string Detail);
