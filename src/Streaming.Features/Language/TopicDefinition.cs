using Streaming.Hocon;

namespace Streaming.Features.Language;

/// <summary>What the events of a topic mean to one another.</summary>
/// <param name="Name">The topic, which is the name of its event source.</param>
/// <param name="Position">Where it is declared.</param>
/// <param name="Duplicates">How events that come twice are told; null where every event counts.</param>
/// <param name="CorrectsBy">The source's text field by whose value a later event takes the place of an earlier one; null where none
/// does.</param>
public sealed record TopicDefinition(string Name, SourcePosition Position, DuplicatesDefinition? Duplicates, string? CorrectsBy);

/// <summary>How events that come twice are told.</summary>
/// <param name="IdField">The source's text field that is an event's id.</param>
/// <param name="HorizonMillis">How far, in event time, an id is remembered.</param>
public sealed record DuplicatesDefinition(string IdField, long HorizonMillis);
