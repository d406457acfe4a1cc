using BenchmarkDotNet.Attributes;
using Streaming.Offline.Training;
using Streaming.Scoring;

namespace Streaming.Benchmarks;

/// <summary>One row through 100 trees of depth 6 with 64 leaves each: its score, and what each feature contributes. Bytes are a budget: 0.</summary>
[MemoryDiagnoser]
public class ContributionBenchmarks
{
    private const int Columns = 15;
    private const int Rows = 60_000;
    private const int Calls = 1_000;
    private readonly double[] _contributions = new double[Columns];
    private readonly string _file = Path.Combine(Path.GetTempPath(), $"streaming-bench-{Guid.NewGuid():N}.onnx");
    private TrainingSet _set = null!;
    private OnnxScoringModel _model = null!;

    /// <summary>Trains on noise: only that fills every tree.</summary>
    [GlobalSetup]
    public void Train()
    {
        var random = new Random(1);
        _set = new(
            [.. Enumerable.Range(0, Columns).Select(column => $"f{column}")],
            [.. Enumerable.Range(0, Columns * Rows).Select(_ => (float)random.NextDouble())],
            [.. Enumerable.Range(0, Rows).Select(_ => (float)random.Next(2))],
            new long[Rows]);
        var options = new BoostingOptions { Rounds = 100, NumLeaves = 64, MaxDepth = 6, MinDataInLeaf = 500, MaxBin = 255, NumThreads = 2 };
        var trained = FraudTrainer.Train(_set, new FraudTrainingOptions { FeatureService = "f", Boosting = options });
        Console.WriteLine($"// {trained.Trees.Trees.Length} trees, {trained.Trees.Trees.Average(tree => tree.Leaves.Length):0.0} leaves each");
        trained.Save(_file);
        _model = OnnxScoringModel.Load(_file, _set.FeatureNames);
    }

    /// <summary>Ends it.</summary>
    [GlobalCleanup]
    public void End()
    {
        _model.Dispose();
        File.Delete(_file);
    }

    /// <summary>Scores, another row each time.</summary>
    [Benchmark(OperationsPerInvoke = Calls)]
    public float Score()
    {
        var sum = 0f;
        for (var i = 0; i < Calls; i++)
        {
            sum += _model.Score(_set.Row(i * 53 % Rows));
        }

        return sum;
    }

    /// <summary>Contributions, another row each time.</summary>
    [Benchmark(OperationsPerInvoke = Calls)]
    public double Explain()
    {
        var sum = 0.0;
        for (var i = 0; i < Calls; i++)
        {
            _model.Contributions!.Explain(_set.Row(i * 53 % Rows), _contributions);
            sum += _contributions[0];
        }

        return sum;
    }
}
