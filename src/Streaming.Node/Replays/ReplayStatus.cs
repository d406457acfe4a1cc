namespace Streaming.Node.Replays;

/// <summary>How far a replay is.</summary>
/// <param name="Phase">none, building, saving, switched, failed or cancelled.</param>
/// <param name="Generation">The generation that is built, or was; 0 for none.</param>
/// <param name="Done">Offsets that are applied.</param>
/// <param name="Total">Offsets that there are to apply.</param>
/// <param name="Fault">Why it failed.</param>
/// <param name="UndoUntil">Until when the switch can be undone.</param>
public sealed record ReplayStatus(string Phase, long Generation, long Done, long Total, string? Fault, DateTimeOffset? UndoUntil)
{
    /// <summary>Nothing was asked for since the node started.</summary>
    public static ReplayStatus None { get; } = new("none", 0, 0, 0, null, null);

    /// <summary>Whether nothing goes on.</summary>
    public bool IsEnded => Phase is not ("building" or "saving");
}
