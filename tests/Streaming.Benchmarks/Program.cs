using BenchmarkDotNet.Running;
using Streaming.Benchmarks;

// dotnet run -c Release --project tests/Streaming.Benchmarks -- NAME [key=value ...]; docs/benchmarks.md says what each measures.
string? Option(string name) => args.FirstOrDefault(a => a.StartsWith($"{name}=", StringComparison.Ordinal))?[(name.Length + 1)..];
int Number(string name, int otherwise) => Option(name) is { } text ? int.Parse(text, System.Globalization.CultureInfo.InvariantCulture) : otherwise;

switch (args.FirstOrDefault())
{
    case "backfill":
        return await BackfillBenchmark.RunAsync(Number("passes", 3));
    case "checkpoints":
        return await CheckpointBenchmark.RunAsync(new(
            Number("events", 10_000_000), Number("cards", 1_000_000), Number("ceiling", 0), Number("passes", 1), Option("redis"), Option("kafka")));
    case "engine":
        return await EngineBenchmark.RunAsync(Option("kafka"), Number("passes", 3), Option("delivery") != "region");
    case "latency":
        return await LatencyBenchmark.RunAsync(Option("kafka"), Number("rate", 10_000), Number("seconds", 20));
    case "latency-client":
        return await ClientLatencyBenchmark.RunAsync(Option("kafka") ?? "127.0.0.1:9092", Number("rate", 10_000), Number("seconds", 20));
    case "test-latency":
        return await Streaming.Benchmarks.Latency.LatencyTest.RunAsync(args[1..]);
    case "memory":
        return await MemoryBenchmark.RunAsync(Number("cards", 20_000), Number("events", 60));
    case "score-server":
        await ScoreServer.RunAsync(args[1..]);
        return 0;
    case "swap":
        return await SwapBenchmark.RunAsync(Number("rate", 5000), Number("seconds", 10), Number("rounds", 3));
    case "slots":
        return await SlotsBenchmark.RunAsync(Option("redis"), Number("snapshots", 500_000), Number("shards", 16), Number("passes", 3), Number("memory", 0));
    case "log":
        return await EventLogBenchmarks.Run(args[1..]);
    default:
        BenchmarkSwitcher.FromAssembly(typeof(EngineBenchmark).Assembly).Run(args);
        return 0;
}
