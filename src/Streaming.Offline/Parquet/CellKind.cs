namespace Streaming.Offline.Parquet;

/// <summary>
/// What the values of a stored column are, whichever bytes they are kept in. docs/files.md says what each can be read as.
/// </summary>
internal enum CellKind
{
    /// <summary>Nothing that an event's field can be.</summary>
    Other,

    /// <summary>Always null.</summary>
    Null,

    /// <summary>True or false.</summary>
    Flag,

    /// <summary>Whole numbers that fit 64 bits with a sign.</summary>
    Integer,

    /// <summary>Whole numbers of 64 bits without a sign.</summary>
    Unsigned,

    /// <summary>Binary floating-point numbers of 16, 32 or 64 bits.</summary>
    Real,

    /// <summary>Decimal numbers of any size.</summary>
    Decimal,

    /// <summary>UTF-8.</summary>
    Text,

    /// <summary>UUIDs.</summary>
    Uuid,

    /// <summary>Days.</summary>
    Date,

    /// <summary>Times of a day.</summary>
    TimeOfDay,

    /// <summary>Instants that say their unit.</summary>
    Instant,
}
