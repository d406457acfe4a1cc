using Streaming.Cli.Shell;

namespace Streaming.Cli.Tests;

/// <summary>A node that runs in this process, on a command line's data.</summary>
internal sealed class RunningNode : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly SharedText _output = new();
    private readonly Task<CliAnswer> _node;

    private RunningNode(Cli cli, string config)
    {
        Config = config;
        _node = cli.RunAsync($"run --port 0 {config}", _output, _stop.Token);
    }

    /// <summary>The option that names its settings.</summary>
    public string Config { get; }

    /// <summary>What it has printed.</summary>
    public string Output => _output.ToString();

    /// <summary>Starts it.</summary>
    public static async Task<RunningNode> StartAsync(Cli cli, string settings)
    {
        var file = cli.PathOf("node.hocon");
        await File.WriteAllTextAsync(file, settings);
        var node = new RunningNode(cli, $"--config {file}");
        await Eventually.TrueAsync("it runs", () => node._node.IsCompleted || node.Output.Contains("http://", StringComparison.Ordinal), () => node.Output);
        Assert.False(node._node.IsCompleted, node._node.IsCompleted ? (await node._node).Error : "");
        return node;
    }

    /// <summary>Its address.</summary>
    public Uri Url => new(Output.Split(' ', '\n').First(word => word.StartsWith("http://", StringComparison.Ordinal)));

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        Assert.Equal(ExitCode.Ok, (await _node.WaitAsync(TimeSpan.FromSeconds(60))).Code);
        await _output.DisposeAsync();
        _stop.Dispose();
    }
}
