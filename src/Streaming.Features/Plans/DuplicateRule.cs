namespace Streaming.Features.Plans;

/// <summary>
/// How the events of a feed that come twice are told: by their id, which an entity remembers while the event is newer, by event time, than
/// the newest one of its partition less the horizon.
/// </summary>
/// <param name="IdField">The source's text field that is an event's id.</param>
/// <param name="HorizonMillis">How far an id is remembered.</param>
public sealed record DuplicateRule(int IdField, long HorizonMillis);
