namespace Streaming.Contracts.Codecs;

/// <summary>Whether bytes could be decoded as an event.</summary>
public enum DecodeStatus : byte
{
    /// <summary>Decoded, and every byte was used.</summary>
    Ok,

    /// <summary>The bytes are not what the writer's schema says; see the <see cref="DecodeFault"/>.</summary>
    Malformed,
}
