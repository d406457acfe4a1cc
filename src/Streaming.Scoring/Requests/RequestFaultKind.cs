namespace Streaming.Scoring.Requests;

/// <summary>What can be wrong with a scoring request.</summary>
public enum RequestFaultKind
{
    /// <summary>The body is not JSON.</summary>
    MalformedJson,

    /// <summary>A request is not an object.</summary>
    NotAnObject,

    /// <summary>A field that no request has.</summary>
    UnknownField,

    /// <summary>A field is given twice.</summary>
    DuplicateField,

    /// <summary>A value of another type than the field's.</summary>
    WrongType,

    /// <summary>A number or a key beyond what events take.</summary>
    OutOfRange,

    /// <summary>A number below the declared minimum.</summary>
    BelowMinimum,

    /// <summary>No time, or one too far ahead.</summary>
    WrongTime,

    /// <summary>A required text is empty.</summary>
    EmptyText,

    /// <summary>A required field is not there.</summary>
    MissingField,
}
