namespace Streaming.Scoring.Contributions;

/// <summary>
/// What one leaf of a tree gives to each feature on its way: the heart of path-dependent TreeSHAP (Lundberg, Erion, Lee: Consistent
/// Individualized Feature Attribution for Tree Ensembles, 2018, algorithm 2, EXTEND and UNWIND).
/// </summary>
/// <remarks>
/// Of a set S of known features, the leaf counts with the product over its way of: 1 or 0 for a feature in S (whether the row goes
/// this way at all its splits), and for a feature that is not in S the share of training that went this way. The sums over all S of
/// equal size are the coefficients of a polynomial, the product of (share + hot * y) over the features; each feature's Shapley value
/// needs it without that feature's own factor.
/// </remarks>
internal static class PathWeights
{
    /// <summary>The most different features on a way.</summary>
    public const int MaxFeatures = 30;

    // [d * (MaxFeatures + 1) + k] is k! (d - 1 - k)! / d!.
    private static readonly double[] s_weights = Weights();

    /// <summary>Adds the leaf's part to each feature's value.</summary>
    /// <param name="shares">For each feature, the share of training that goes this way.</param>
    /// <param name="hot">Bit i: the row itself goes this way at all splits of feature i.</param>
    /// <param name="value">The leaf's value.</param>
    /// <param name="contributions">One for each feature.</param>
    public static void Add(ReadOnlySpan<double> shares, ulong hot, double value, Span<double> contributions)
    {
        var count = shares.Length;
        Span<double> product = stackalloc double[MaxFeatures + 1];
        product[0] = 1;
        for (var i = 0; i < count; i++)
        {
            var isHot = (hot >> i & 1) != 0;
            product[i + 1] = isHot ? product[i] : 0;
            for (var k = i; k > 0; k--)
            {
                product[k] = (product[k] * shares[i]) + (isHot ? product[k - 1] : 0);
            }

            product[0] *= shares[i];
        }

        for (var i = 0; i < count; i++)
        {
            var isHot = (hot >> i & 1) != 0;
            contributions[i] += value * (isHot ? 1 - shares[i] : -shares[i]) * Without(product, shares[i], isHot, count);
        }
    }

    private static double Without(ReadOnlySpan<double> product, double share, bool isHot, int count)
    {
        var weights = s_weights.AsSpan(count * (MaxFeatures + 1), count);
        var sum = 0.0;
        if (isHot)
        {
            var rest = 0.0;
            for (var k = count - 1; k >= 0; k--)
            {
                rest = product[k + 1] - (share * rest);
                sum += rest * weights[k];
            }
        }
        else if (share > 0)
        {
            for (var k = 0; k < count; k++)
            {
                sum += product[k] / share * weights[k];
            }
        }

        return sum;
    }

    private static double[] Weights()
    {
        var weights = new double[(MaxFeatures + 1) * (MaxFeatures + 1)];
        for (var count = 1; count <= MaxFeatures; count++)
        {
            // k! (d - 1 - k)! / d! = 1 / (d * binomial(d - 1, k)).
            var binomial = 1.0;
            for (var k = 0; k < count; k++)
            {
                weights[(count * (MaxFeatures + 1)) + k] = 1 / (count * binomial);
                binomial = binomial * (count - 1 - k) / (k + 1);
            }
        }

        return weights;
    }
}
