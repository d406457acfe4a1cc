namespace Streaming.Scoring.Contributions;

/// <summary>
/// A split above the blocks. A mask has a bit for each different feature on the way to a node, set while the row goes that way at all
/// of its splits; the split passes it on to its two children.
/// </summary>
/// <param name="Mask">The place of its own mask.</param>
/// <param name="Key">Where the row's value is.</param>
/// <param name="Threshold">At or below it goes the low way.</param>
/// <param name="Bit">The feature's bit.</param>
/// <param name="Low">The place of the low child's mask.</param>
/// <param name="High">The place of the high child's mask.</param>
internal readonly record struct SplitStep(int Mask, int Key, float Threshold, uint Bit, int Low, int High);

/// <summary>
/// The last two levels of a way: at most three splits, and the contributions of their leaves for every outcome of all splits on the
/// way and in the block, computed when the model was loaded.
/// </summary>
internal readonly record struct BlockStep
{
    public required int Mask { get; init; }

    public required uint PathBits { get; init; }

    public required int Splits { get; init; }

    public required int Key0 { get; init; }

    public required int Key1 { get; init; }

    public required int Key2 { get; init; }

    public required float Threshold0 { get; init; }

    public required float Threshold1 { get; init; }

    public required float Threshold2 { get; init; }

    /// <summary>The place of the first row of the table.</summary>
    public required int Table { get; init; }

    /// <summary>The place of the features' numbers.</summary>
    public required int Features { get; init; }

    /// <summary>How many groups of numbers a row of the table has.</summary>
    public required int Groups { get; init; }

    /// <summary>How many numbers a row of the table has.</summary>
    public required int Width { get; init; }
}

/// <summary>The steps of one tree.</summary>
internal readonly record struct TreeSteps(int SplitsEnd, int BlocksEnd);
