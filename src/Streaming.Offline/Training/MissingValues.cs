namespace Streaming.Offline.Training;

/// <summary>What a split does with a value that is missing.</summary>
public enum MissingValues : byte
{
    /// <summary>Training saw none: NaN counts as 0.</summary>
    AsZero = 0,

    /// <summary>Zero and NaN both go the split's default way.</summary>
    ZeroIsMissing = 1,

    /// <summary>NaN goes the split's default way.</summary>
    NaNIsMissing = 2,
}
