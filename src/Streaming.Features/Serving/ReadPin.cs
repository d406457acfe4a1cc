namespace Streaming.Features.Serving;

/// <summary>
/// What had been applied to an entity at a moment. Two of them around a read say whether the read saw exactly that; then the read can be
/// computed again from the log.
/// </summary>
public abstract class ReadPin
{
    /// <summary>Whether nothing was applied to the entity from this pin to a later one.</summary>
    /// <param name="later">The later pin; null where there is none, and so nothing is known.</param>
    public abstract bool Holds(ReadPin? later);
}
