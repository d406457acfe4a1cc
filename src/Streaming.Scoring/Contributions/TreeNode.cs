namespace Streaming.Scoring.Contributions;

/// <summary>
/// One node of a tree; node 0 is the root, children come after their parents. A value at or below the threshold goes the low way, a
/// greater one the high way.
/// </summary>
/// <param name="Feature">Which number of the row is looked at; -1 for a leaf.</param>
/// <param name="Threshold">The greatest value that goes the low way.</param>
/// <param name="MissingIsLow">Whether NaN goes the low way.</param>
/// <param name="Low">The child of the low way.</param>
/// <param name="High">The child of the high way.</param>
/// <param name="Value">A leaf's value.</param>
/// <param name="Cover">How many rows of training came here.</param>
internal readonly record struct TreeNode(int Feature, float Threshold, bool MissingIsLow, int Low, int High, double Value, double Cover)
{
    public bool IsLeaf => Feature < 0;

    public bool GoesLow(float value) => float.IsNaN(value) ? MissingIsLow : value <= Threshold;
}
