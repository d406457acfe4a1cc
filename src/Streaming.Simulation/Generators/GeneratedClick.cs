using Streaming.Contracts.Events;

namespace Streaming.Simulation.Generators;

/// <summary>One click.</summary>
/// <param name="Id">Unique within one generator.</param>
/// <param name="TimeMillis">Event time, milliseconds since the epoch.</param>
/// <param name="User">The user's number; its id is <c>user_N</c>.</param>
/// <param name="Session">Unique within one generator.</param>
/// <param name="Item">The item's number.</param>
/// <param name="Category">The item's category, 0 .. categories - 1.</param>
/// <param name="Kind">What happened.</param>
/// <param name="Price">The item's price, in whole cents.</param>
public readonly record struct GeneratedClick(
    long Id, long TimeMillis, int User, long Session, int Item, int Category, ClickKind Kind, double Price);
