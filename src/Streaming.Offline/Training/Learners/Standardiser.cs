namespace Streaming.Offline.Training.Learners;

/// <summary>Brings each feature to mean 0 and population deviation 1 of the training rows; a missing value becomes the mean.</summary>
internal sealed class Standardiser
{
    private readonly double[] _means;
    private readonly double[] _deviations;

    /// <param name="train">The rows whose means and deviations are taken.</param>
    public Standardiser(TrainingSet train)
    {
        (_means, _deviations) = (new double[train.Columns], new double[train.Columns]);
        for (var column = 0; column < train.Columns; column++)
        {
            var (count, sum, squares) = (0, 0.0, 0.0);
            for (var row = 0; row < train.Rows; row++)
            {
                var value = (double)train.Row(row)[column];
                (count, sum) = double.IsNaN(value) ? (count, sum) : (count + 1, sum + value);
            }

            var mean = count == 0 ? 0 : sum / count;
            for (var row = 0; row < train.Rows; row++)
            {
                var value = (double)train.Row(row)[column];
                squares += double.IsNaN(value) ? 0 : (value - mean) * (value - mean);
            }

            (_means[column], _deviations[column]) = (mean, count == 0 ? 0 : Math.Sqrt(squares / count));
        }
    }

    /// <summary>The rows of a set, row after row. A feature that training knew with one value only is 0.</summary>
    public double[] Apply(TrainingSet set)
    {
        var rows = new double[set.Features.Length];
        for (var i = 0; i < rows.Length; i++)
        {
            var column = i % set.Columns;
            var value = (double)set.Features[i];
            rows[i] = double.IsNaN(value) || _deviations[column] == 0 ? 0 : (value - _means[column]) / _deviations[column];
        }

        return rows;
    }
}
