namespace Streaming.Offline.Training;

/// <summary>One inner node of a tree: a value at or below the threshold goes left. Children below 0 are leaves: leaf ~child.</summary>
public readonly record struct TreeSplit(
    int Feature, double Threshold, MissingValues Missing, bool DefaultLeft, int Left, int Right, double Gain)
{
    // What LightGBM takes for zero.
    private const double Zero = 1.0000000180025095e-35f;

    /// <summary>Whether a value goes left, decided exactly as LightGBM does.</summary>
    public bool GoesLeft(double value)
    {
        if (double.IsNaN(value))
        {
            return Missing == MissingValues.AsZero ? 0 <= Threshold : DefaultLeft;
        }

        return Missing == MissingValues.ZeroIsMissing && value is >= -Zero and <= Zero ? DefaultLeft : value <= Threshold;
    }
}
