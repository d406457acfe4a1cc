using System.CommandLine;
using Streaming.Cli.Settings;
using Streaming.Cli.Shell;
using Streaming.Ingest;
using Streaming.Scoring.Requests;

namespace Streaming.Cli.Commands;

/// <summary><c>streaming replay from</c>.</summary>
internal sealed class ReplayFromCommand
{
    private const string Beginning = "beginning";

    private readonly Argument<string?> _from = new("FROM")
    {
        Arity = ArgumentArity.ZeroOrOne,
        Description = "beginning; a time, of records in the log; or a place: topic:partition:offset.",
    };
    private readonly Option<bool> _verify = CliOptions.Flag("--verify", "Compare the live states with the log, and switch nothing.");
    private readonly Option<bool> _undo = CliOptions.Flag("--undo", "Go back to the state that the last replay has replaced.");
    private readonly Option<bool> _json = CliOptions.Json();
    private readonly ConfigOption _config;
    private readonly Terminal _terminal;

    private ReplayFromCommand(Terminal terminal, Command command)
    {
        _terminal = terminal;
        command.Add(_from);
        command.Add(_verify);
        command.Add(_undo);
        command.Add(_json);
        _config = new ConfigOption(terminal, command);
    }

    /// <summary>Makes the command.</summary>
    public static Command Create(Terminal terminal)
    {
        var command = new CliCommand("from", "Build all features from the log again beside the live ones, then switch.")
        {
            Notes =
            [
                "A node must run on the same data on this machine: it builds a new generation of all features while the live one " +
                "answers, and switches when the new one has all that the live one has, and its snapshots are written. It needs memory " +
                "for both meanwhile. Ctrl-C gives it up. What was replaced is kept for streaming.admin.keep-replaced (a day), and --undo " +
                "goes back to it.",
                "From a time or a place only what the log has from there on is read. Windows that reach further back than that lack " +
                "events: /status and /health/ready say so. From a place, the other partitions begin at its record's timestamp.",
                "--verify takes the state of every entity from the node, folds the log from its beginning up to the very offsets that " +
                "the entity has applied, and compares byte by byte. It writes nothing; exit code 4 means that some differ. Keys are " +
                "masked.",
            ],
            Examples =
            [
                "streaming replay from beginning",
                "streaming replay from beginning --verify",
                "streaming replay from 2026-03-01T00:00:00Z",
                "streaming replay from transactions:2:105",
                "streaming replay from --undo",
            ],
        };
        var replay = new ReplayFromCommand(terminal, command);
        command.SetAction(replay.RunAsync);
        return command;
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellation)
    {
        var (from, json) = (parsed.GetValue(_from), parsed.GetValue(_json));
        var query = QueryOf(from, parsed.GetValue(_verify), parsed.GetValue(_undo));
        var settings = _config.Load(parsed);
        return parsed.GetValue(_verify)
            ? await new ReplayVerify(_terminal, settings).RunAsync(json, cancellation)
            : await new ReplayBuild(_terminal, settings).RunAsync(query, json, cancellation);
    }

    private static string QueryOf(string? from, bool isVerify, bool isUndo)
    {
        if (isVerify && (from != Beginning || isUndo))
        {
            throw new CliFailure(
                ExitCode.Usage, "replay from: --verify compares with the whole log; write 'streaming replay from beginning --verify'");
        }

        if (isUndo || from is null)
        {
            return isUndo && from is null
                ? "undo"
                : throw new CliFailure(
                    ExitCode.Usage, "replay from: expected one of FROM and --undo; see streaming replay from --help");
        }

        return from == Beginning || EventPlace.TryParse(from, out _) || Instants.TryParse(from, out _)
            ? $"from={Uri.EscapeDataString(from)}"
            : throw new CliFailure(
                ExitCode.Usage, $"replay from: FROM is '{from}', expected beginning, topic:partition:offset or {Instants.Expected}");
    }
}
