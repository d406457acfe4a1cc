namespace Streaming.Engine.Replays;

/// <summary>What became of an event for one entity.</summary>
public enum EventFate
{
    /// <summary>It is in the entity's state.</summary>
    Applied,

    /// <summary>The entity has passed it and keeps no event of its time: it came late, or has left the windows since.</summary>
    OutOfWindows,

    /// <summary>No node has read it yet.</summary>
    Ahead,

    /// <summary>It is a dead letter.</summary>
    DeadLettered,

    /// <summary>Its id came before: it is counted, and not applied.</summary>
    Duplicate,
}
