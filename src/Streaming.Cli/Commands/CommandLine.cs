using System.Collections.Immutable;
using System.CommandLine;
using ParquetSharp;
using Streaming.Cli.Shell;
using Streaming.Contracts.Schemas;
using Streaming.Engine;
using Streaming.Ingest;
using Streaming.Log;
using Streaming.Offline.Backfill;
using Streaming.Offline.Datasets;
using Streaming.Offline.Lake;
using Streaming.Offline.Parquet;
using Streaming.Offline.Training;
using Streaming.Offline.Training.LightGbm;
using Streaming.Persistence.Redis;
using Streaming.Scoring.Models;
using Streaming.Scoring.Registry;

namespace Streaming.Cli.Commands;

/// <summary>Runs one command line: parse, act, and turn whatever happens into one line and an exit code.</summary>
internal static class CommandLine
{
    private static readonly TimeSpan s_stopWithin = TimeSpan.FromSeconds(30);

    /// <summary>Runs and returns the exit code; throws nothing.</summary>
    /// <param name="args">Without the program's name.</param>
    /// <param name="terminal">The outside.</param>
    /// <param name="handleSignals">Whether Ctrl-C and SIGTERM cancel; a second one, or 30 seconds, end the process.</param>
    /// <param name="cancellation">Ends the command as Ctrl-C does.</param>
    public static async Task<int> RunAsync(string[] args, Terminal terminal, bool handleSignals, CancellationToken cancellation)
    {
        // 'streaming help train' means 'streaming train --help', as in many tools.
        args = args is ["help", .. var command] ? [.. command, "--help"] : args;
        var parsed = CommandTree.Create(terminal).Parse(args, new ParserConfiguration { ResponseFileTokenReplacer = null });
        if (parsed.Action is not WriteHelp && UsageFaults.First(parsed) is { } fault)
        {
            return Report(terminal, ExitCode.Usage, [fault]);
        }

        try
        {
            return await parsed.InvokeAsync(
                new InvocationConfiguration
                {
                    Output = terminal.Out,
                    Error = terminal.Error,
                    EnableDefaultExceptionHandler = false,
                    ProcessTerminationTimeout = handleSignals ? s_stopWithin : null,
                },
                cancellation);
        }
        catch (Exception error)
        {
            if (terminal.Environment("STREAMING_DEBUG") is "1")
            {
                terminal.Error.WriteLine(error);
            }

            var (code, faults) = Explain(error);
            return Report(terminal, code, faults);
        }
    }

    /// <summary>The exit code for an error.</summary>
    internal static ExitCode CodeOf(Exception error) => Explain(error).Code;

    private static (ExitCode Code, ImmutableArray<string> Faults) Explain(Exception error) => error switch
    {
        CliFailure failure => (failure.Code, failure.Faults),
        OperationCanceledException => (ExitCode.Interrupted, ["interrupted; unfinished work is left as it is"]),
        TableFormatException or SchemaFileException => (ExitCode.Usage, [error.Message]),
        EventLogException log => (log.Retriable ? ExitCode.Unreachable : ExitCode.Failed, [error.Message]),
        SlotStoreException => (ExitCode.Unreachable, [error.Message]),
        EngineStartException => (ExitCode.Unreachable, [error.Message]),
        IngestException ingest => (CodeOf(ingest.Failure), [error.Message]),
        RegistryException registry => (CodeOf(registry.Fault), [error.Message]),
        TrainingException or BackfillException or DatasetException => (ExitCode.Usage, [error.Message]),
        LakeException => (ExitCode.Failed, [error.Message]),
        ParquetException parquet => (ExitCode.Failed, [$"a Parquet file is damaged, or cannot be written: {ParquetFault.Text(parquet)}"]),
        LightGbmException or ModelException or NotSupportedException => (ExitCode.Failed, [error.Message]),
        TypeInitializationException { InnerException: { } inner } => Explain(inner),
        DllNotFoundException =>
            (ExitCode.Failed, [$"a system library is missing: {error.Message}; LightGBM needs OpenMP: apt-get install libgomp1"]),
        IOException or UnauthorizedAccessException => (ExitCode.Failed, [error.Message]),
        _ => (ExitCode.Failed, [$"{error.GetType().Name}: {error.Message}; this is a bug in streaming, STREAMING_DEBUG=1 shows where"]),
    };

    private static ExitCode CodeOf(IngestFailure failure) => failure switch
    {
        IngestFailure.Input => ExitCode.Usage,
        IngestFailure.SchemaRefused => ExitCode.Different,
        IngestFailure.RegistryAway => ExitCode.Unreachable,
        _ => ExitCode.Failed,
    };

    private static ExitCode CodeOf(RegistryFault fault) => fault switch
    {
        RegistryFault.Away => ExitCode.Unreachable,
        RegistryFault.Damaged => ExitCode.Failed,
        _ => ExitCode.Usage,
    };

    private static int Report(Terminal terminal, ExitCode code, ImmutableArray<string> faults)
    {
        foreach (var fault in faults)
        {
            terminal.Error.WriteLine($"streaming: {OneLine(fault)}");
        }

        return (int)code;
    }

    // Control characters that a file contains are not for the terminal to act on.
    private static string OneLine(string text) => string.Concat(
        string.Join(" ", text.Split(['\r', '\n'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
            .Select(static character => char.IsControl(character) ? $"\\u{(int)character:x4}" : character.ToString()));
}
