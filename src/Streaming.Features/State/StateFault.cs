namespace Streaming.Features.State;

/// <summary>Why state bytes were refused.</summary>
public enum StateFault
{
    /// <summary>They were read.</summary>
    None,

    /// <summary>They end too soon, or what they say cannot be a state.</summary>
    Truncated,

    /// <summary>Their checksum is not that of their content.</summary>
    Corrupt,

    /// <summary>A version of the format that this build does not know.</summary>
    UnknownVersion,

    /// <summary>The feature views have changed since: rebuild the entity from the log.</summary>
    OtherLayout,
}
