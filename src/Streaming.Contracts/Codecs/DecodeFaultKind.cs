namespace Streaming.Contracts.Codecs;

/// <summary>What is wrong with the bytes of an event.</summary>
public enum DecodeFaultKind : byte
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>The bytes end within a value.</summary>
    Truncated,

    /// <summary>A variable-length integer is longer than ten bytes, or does not fit its type.</summary>
    IntegerTooLong,

    /// <summary>A length or a count is negative where it must not be.</summary>
    NegativeLength,

    /// <summary>A length or a count is more than the bytes that are left.</summary>
    LengthBeyondEnd,

    /// <summary>A boolean is neither 0 nor 1.</summary>
    InvalidBoolean,

    /// <summary>A union's branch does not exist.</summary>
    UnknownBranch,

    /// <summary>A union's branch exists, but the reader's schema has no place for it.</summary>
    UnreadableBranch,

    /// <summary>An enum's index does not exist in the writer's schema.</summary>
    UnknownSymbol,

    /// <summary>An enum's symbol is unknown to the reader's schema, which has no default for it.</summary>
    UnreadableSymbol,

    /// <summary>A whole number is beyond 2^53, where doubles are no longer exact.</summary>
    InexactNumber,

    /// <summary>A decimal has no bytes, or more than 16.</summary>
    InvalidDecimal,

    /// <summary>A text is not UTF-8.</summary>
    InvalidUtf8,

    /// <summary>An item of an array, or a field that is passed over, is not what the writer's schema says.</summary>
    InvalidItem,

    /// <summary>Bytes are left over after the last field.</summary>
    TrailingBytes,
}
