namespace Streaming.Offline.Training.Onnx;

/// <summary>
/// A split's double threshold as a float. For a float x and a double t, x &lt;= t holds exactly when x &lt;= the largest float that is
/// not above t; rounding to the nearest float instead would move rows that lie on the threshold to the other side.
/// </summary>
public static class FloatThreshold
{
    /// <summary>The largest float at or below a threshold; negative infinity below all finite floats.</summary>
    public static float RoundDown(double threshold)
    {
        if (double.IsNaN(threshold))
        {
            throw new ArgumentException("a threshold cannot be NaN", nameof(threshold));
        }

        var nearest = (float)threshold;
        return nearest > threshold ? MathF.BitDecrement(nearest) : nearest;
    }
}
