namespace Streaming.Chaos.Faults;

/// <summary>A kind of fault.</summary>
/// <param name="Name">Its name.</param>
/// <param name="What">What it does, for the table.</param>
/// <param name="Skip">Why it cannot be done in a world; null where it can.</param>
/// <param name="InjectAsync">Does it, and ends it.</param>
internal sealed record Fault(string Name, string What, Func<World, string?> Skip, Func<World, Random, Task> InjectAsync);
