using Streaming.Cli.Shell;

namespace Streaming.Cli.Tests;

/// <summary>Runs command lines in this process, with a directory of their own for data.</summary>
internal sealed class Cli : IDisposable
{
    private readonly Dictionary<string, string> _environment = [];

    public Cli()
    {
        Folder = Directory.CreateTempSubdirectory("streaming-cli-").FullName;
        _environment["STREAMING_DATA"] = Path.Combine(Folder, "data");
        _environment["STREAMING_FEATURES"] = Path.Combine(RepositoryRoot, "schemas", "features");
        _environment["STREAMING_MODELS"] = Path.Combine(RepositoryRoot, "schemas", "models");
    }

    public static string RepositoryRoot => Streaming.TestKit.RepositoryRoot.Path;

    /// <summary>Where the test may write.</summary>
    public string Folder { get; }

    /// <summary>The embedded log's directory.</summary>
    public string Data => _environment["STREAMING_DATA"];

    public TimeProvider Time { get; init; } = TimeProvider.System;

    public string this[string variable]
    {
        set => _environment[variable] = value;
    }

    /// <summary>Looks up a variable of its environment.</summary>
    public string? Variable(string name) => _environment.GetValueOrDefault(name);

    public string PathOf(string file) => Path.Combine(Folder, file);

    /// <summary>Runs a command line; words are separated by spaces, file names must have none.</summary>
    public async Task<CliAnswer> RunAsync(string line, CancellationToken cancellation = default)
    {
        await using var output = new SharedText();
        return await RunAsync(line, output, cancellation);
    }

    /// <summary>Runs a command line whose words may have spaces.</summary>
    public async Task<CliAnswer> RunWordsAsync(string[] words)
    {
        await using var output = new SharedText();
        return await RunAsync(words, output, CancellationToken.None);
    }

    /// <summary>As above, with the output where it can be read while the command runs.</summary>
    public Task<CliAnswer> RunAsync(string line, SharedText output, CancellationToken cancellation) =>
        RunAsync(line.Split(' ', StringSplitOptions.RemoveEmptyEntries), output, cancellation);

    private async Task<CliAnswer> RunAsync(string[] words, SharedText output, CancellationToken cancellation)
    {
        await using var error = new SharedText();
        var terminal = new Terminal { Out = output, Error = error, Width = 120, Time = Time, Environment = Variable };
        var code = await Streaming.Cli.Commands.CommandLine.RunAsync(words, terminal, handleSignals: false, cancellation);
        return new CliAnswer((ExitCode)code, output.ToString(), error.ToString());
    }

    public void Dispose() => Directory.Delete(Folder, recursive: true);
}

/// <summary>What a command line gave.</summary>
internal sealed record CliAnswer(ExitCode Code, string Out, string Error)
{
    /// <summary>The last line of errors: those before it are progress.</summary>
    public string Fault => Error.TrimEnd('\n').Split('\n')[^1];
}
