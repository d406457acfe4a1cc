namespace Streaming.Contracts.Schemas;

/// <summary>Which earlier versions a new version of a subject must get along with, and in which direction; Confluent's words.</summary>
public enum CompatibilityLevel
{
    /// <summary>Anything goes.</summary>
    None,

    /// <summary>The new schema reads what the latest version wrote.</summary>
    Backward,

    /// <summary>The new schema reads what any earlier version wrote: what a log that is replayed from its start asks for.</summary>
    BackwardTransitive,

    /// <summary>The latest version reads what the new schema writes.</summary>
    Forward,

    /// <summary>Every earlier version reads what the new schema writes.</summary>
    ForwardTransitive,

    /// <summary>Both directions with the latest version.</summary>
    Full,

    /// <summary>Both directions with every earlier version.</summary>
    FullTransitive,
}
