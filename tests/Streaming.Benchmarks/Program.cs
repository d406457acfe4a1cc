using BenchmarkDotNet.Running;
using Streaming.Benchmarks;

if (args is ["score-server", .. var options])
{
    await ScoreServer.RunAsync(options);
    return;
}

BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args);
