using System.Collections.Immutable;
using Streaming.Offline.Training;

namespace Streaming.Offline.Tests.Training;

/// <summary>Training sets with a learnable rule, some missing values and many equal ones.</summary>
internal static class Rows
{
    public static readonly ImmutableArray<string> Names = ["amount", "night", "tx_count_7d", "risk_7d", "avg_7d"];

    public static TrainingSet Random(int seed, int rows)
    {
        var random = new Random(seed);
        var features = new float[rows * Names.Length];
        var labels = new float[rows];
        var times = new long[rows];
        var cards = new long[rows];
        for (var row = 0; row < rows; row++)
        {
            var x = features.AsSpan(row * Names.Length, Names.Length);
            x[0] = (float)Math.Round(random.NextDouble() * 300, 2);
            x[1] = random.Next(2);
            x[2] = random.Next(12);
            x[3] = random.Next(4) == 0 ? float.NaN : (float)random.NextDouble();
            x[4] = (float)((random.NextDouble() * 60) - 30);
            var odds = (x[0] > 220 ? 3 : -3) + (x[3] > 0.8f ? 2.5 : 0) + (float.IsNaN(x[3]) ? 0.7 : 0) + (x[4] / 20);
            labels[row] = random.NextDouble() < 1 / (1 + Math.Exp(-odds)) ? 1 : 0;
            times[row] = (long)row * 21 * 86_400_000 / rows;
            cards[row] = random.Next(400);
        }

        return new(Names, features, labels, times, cards);
    }
}
