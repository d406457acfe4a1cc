namespace Streaming.Contracts.Wire;

/// <summary>What the head of a record's value is.</summary>
public enum WireStatus : byte
{
    /// <summary>Byte 0, a schema id, a payload (which may be empty).</summary>
    Ok,

    /// <summary>No byte at all: a tombstone or an empty value.</summary>
    Empty,

    /// <summary>The first byte is not 0: not this format.</summary>
    BadMagic,

    /// <summary>Fewer than five bytes.</summary>
    TooShort,
}
