
namespace Streaming.Offline.Gate;

/// <summary>What a model file is held to.</summary>
public abstract class GateReference
{
    /// <summary>Sets what all have.</summary>
    /// <param name="name">What it is, for people.</param>
    /// <param name="rows">Row after row, in the order of the feature service.</param>
    /// <param name="expected">A score a row.</param>
    private protected GateReference(string name, float[] rows, double[] expected) => (Name, Rows, Expected) = (name, rows, expected);

    /// <summary>What it is, for people.</summary>
    public string Name { get; }

    internal float[] Rows { get; }

    internal double[] Expected { get; }

    /// <summary>The scores of other rows; null where it cannot say.</summary>
    internal abstract double[]? Score(ReadOnlySpan<float> rows);

    /// <summary>What else is to be compared, which only this reference knows of.</summary>
    internal virtual IEnumerable<GateCheck> OwnChecks(double bound) => [];

    /// <summary>Rows at which a small mistake in the file makes a large difference; empty for none.</summary>
    internal virtual float[] HardRows() => [];
}
