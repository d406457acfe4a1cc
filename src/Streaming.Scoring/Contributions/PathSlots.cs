namespace Streaming.Scoring.Contributions;

/// <summary>The different features on a way down a tree, each with the share of training that goes this way at all its splits.</summary>
internal sealed class PathSlots
{
    private PathSlots(int[] features, double[] shares) => (Features, Shares) = (features, shares);

    public static PathSlots Empty { get; } = new([], []);

    public int[] Features { get; }

    public double[] Shares { get; }

    public int Count => Features.Length;

    /// <summary>The slot of a feature, which may be the next free one.</summary>
    public int SlotOf(int feature) => Array.IndexOf(Features, feature) is var at && at >= 0 ? at : Features.Length;

    /// <summary>One step further: a split's feature, and the share of its rows that goes on.</summary>
    public PathSlots Step(int feature, double share)
    {
        var slot = SlotOf(feature);
        if (slot == Features.Length)
        {
            return new([.. Features, feature], [.. Shares, share]);
        }

        var shares = (double[])Shares.Clone();
        shares[slot] *= share;
        return new(Features, shares);
    }
}
