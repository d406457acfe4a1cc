namespace Streaming.Chaos.Faults;

/// <summary>A kind of fault.</summary>
/// <param name="Name">Its name.</param>
/// <param name="What">What it does, for the table.</param>
/// <param name="Skip">Why it cannot be done in a world; null where it can.</param>
/// <param name="InjectAsync">Does it, and ends it.</param>
internal sealed record Fault(string Name, string What, Func<World, string?> Skip, Func<World, Random, Task> InjectAsync)
{
    /// <summary>Whether it leaves the node's process alone, so that the node may be killed while it lasts.</summary>
    public bool LeavesNode { get; init; }

    /// <summary>The fault that may happen while this one lasts; null where none may.</summary>
    public Fault? Beside(IEnumerable<Fault> possible) => LeavesNode ? possible.FirstOrDefault(fault => fault.Name == NodeFaults.Kill) : null;
}
