using MathNet.Numerics.LinearAlgebra;

namespace Streaming.Offline.Training.Learners;

/// <summary>
/// Logistic regression with an L2 penalty on all weights but the constant, fitted by Newton's method with step halving (Hastie,
/// Tibshirani, Friedman: The Elements of Statistical Learning, 4.4.1): the sum of the rows' log losses and l2 / 2 times the squares of
/// the weights is as small as it can be. scikit-learn's C is 1 / l2.
/// </summary>
internal sealed class LogisticRegression
{
    private const int StepsMax = 100;
    private const double Tolerance = 1e-9;
    private readonly double[] _weights;

    private LogisticRegression(double[] weights) => _weights = weights;

    /// <summary>The weights in the order of the columns, then the constant.</summary>
    public ReadOnlySpan<double> Weights => _weights;

    /// <summary>Fits.</summary>
    /// <param name="rows">Row after row; no NaN.</param>
    /// <param name="labels">1 or 0 a row.</param>
    /// <param name="columns">Numbers of a row.</param>
    /// <param name="l2">The penalty; above 0 there is always an answer.</param>
    /// <param name="cancellation">Ends it between two steps.</param>
    public static LogisticRegression Fit(
        ReadOnlySpan<double> rows, ReadOnlySpan<float> labels, int columns, double l2, CancellationToken cancellation)
    {
        var weights = new double[columns + 1];
        var loss = Loss(rows, labels, weights, l2);
        for (var step = 0; step < StepsMax; step++)
        {
            cancellation.ThrowIfCancellationRequested();
            var direction = Direction(rows, labels, weights, l2);
            var (length, next, nextLoss) = (1.0, weights, loss);
            do
            {
                next = [.. weights.Zip(direction, (weight, move) => weight - (length * move))];
                nextLoss = Loss(rows, labels, next, l2);
                length /= 2;
            }
            while (nextLoss > loss && length > Tolerance);

            if (nextLoss > loss || loss - nextLoss <= Tolerance * loss)
            {
                return new(nextLoss > loss ? weights : next);
            }

            (weights, loss) = (next, nextLoss);
        }

        return new(weights);
    }

    /// <summary>The logarithm of a row's odds.</summary>
    public double Odds(ReadOnlySpan<double> row) => Odds(row, _weights);

    private static double Odds(ReadOnlySpan<double> row, ReadOnlySpan<double> weights)
    {
        var sum = weights[^1];
        for (var i = 0; i < row.Length; i++)
        {
            sum += weights[i] * row[i];
        }

        return sum;
    }

    private static double Loss(ReadOnlySpan<double> rows, ReadOnlySpan<float> labels, double[] weights, double l2)
    {
        var columns = weights.Length - 1;
        var penalty = 0.0;
        foreach (var weight in weights.AsSpan(0, columns))
        {
            penalty += weight * weight;
        }

        var loss = l2 / 2 * penalty;
        for (var row = 0; row < labels.Length; row++)
        {
            var odds = Odds(rows.Slice(row * columns, columns), weights);
            loss += Logistic.Softplus(labels[row] > 0.5f ? -odds : odds);
        }

        return loss;
    }

    // The Hessian's inverse times the gradient.
    private static double[] Direction(ReadOnlySpan<double> rows, ReadOnlySpan<float> labels, double[] weights, double l2)
    {
        var columns = weights.Length - 1;
        var hessian = Matrix<double>.Build.Dense(columns + 1, columns + 1);
        var gradient = Vector<double>.Build.Dense(columns + 1);
        var x = new double[columns + 1];
        x[columns] = 1;
        for (var row = 0; row < labels.Length; row++)
        {
            rows.Slice(row * columns, columns).CopyTo(x);
            var score = Logistic.Of(Odds(x.AsSpan(0, columns), weights));
            Add(hessian, gradient, x, score - (labels[row] > 0.5f ? 1 : 0), score * (1 - score));
        }

        for (var i = 0; i <= columns; i++)
        {
            gradient[i] += i < columns ? l2 * weights[i] : 0;
            hessian[i, i] += i < columns ? l2 : 0;
            for (var j = 0; j < i; j++)
            {
                hessian[j, i] = hessian[i, j];
            }
        }

        return hessian.Cholesky().Solve(gradient).ToArray();
    }

    private static void Add(Matrix<double> hessian, Vector<double> gradient, double[] x, double error, double weight)
    {
        for (var i = 0; i < x.Length; i++)
        {
            gradient[i] += error * x[i];
            for (var j = 0; j <= i; j++)
            {
                hessian[i, j] += weight * x[i] * x[j];
            }
        }
    }
}
