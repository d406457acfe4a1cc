using System.Collections.Immutable;
using Streaming.Cli.Settings;
using Streaming.Offline.Training;

namespace Streaming.Cli.Tests;

/// <summary>Trains small models that read the repository's service fraud; each seed gives another one.</summary>
internal static class SmallModel
{
    /// <summary>Writes one to a file.</summary>
    public static void Write(string file, int seed, string service = "fraud", ImmutableArray<string> features = default)
    {
        var catalog = Definitions.Features(Path.Combine(Cli.RepositoryRoot, "schemas", "features"));
        var names = features.IsDefault ? catalog.FindService("fraud")!.FeatureNames : features;
        var random = new Random(seed);
        var rows = Enumerable.Range(0, 400).Select(_ => Enumerable.Range(0, names.Length).Select(_ => (float)random.NextDouble()).ToArray()).ToArray();
        var set = new TrainingSet(
            names, [.. rows.SelectMany(row => row)], [.. rows.Select(row => row[0] > 0.5f ? 1f : 0f)], [.. rows.Select((_, at) => (long)at)]);
        FraudTrainer.Train(set, new FraudTrainingOptions { FeatureService = service, Boosting = new BoostingOptions { Rounds = 3, NumThreads = 1 } }).Save(file);
    }
}
