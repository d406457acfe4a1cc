using System.CommandLine;
using Streaming.Cli.Clients;
using Streaming.Cli.Settings;
using Streaming.Cli.Shell;
using Streaming.Engine.Replays;
using Streaming.Ingest;

namespace Streaming.Cli.Commands;

/// <summary><c>streaming replay dlq</c>.</summary>
internal sealed class ReplayDlqCommand
{
    private static readonly TimeSpan s_wait = TimeSpan.FromSeconds(10);

    private readonly Option<string?> _topic = CliOptions.Text("--topic", "TOPIC", "Only dead letters of this topic's events.");
    private readonly Option<string?> _reason = CliOptions.Text("--reason", "REASON", "Only dead letters with this reason.");
    private readonly Option<string?> _since = CliOptions.Text(
        "--since", "TIME", "Only events whose record has this timestamp or a later one.");
    private readonly Option<string?> _until = CliOptions.Text(
        "--until", "TIME", "Only events whose record has an earlier timestamp.");
    private readonly Option<bool> _dryRun = CliOptions.Flag("--dry-run", "Say what would be done, and write nothing.");
    private readonly Option<TimeSpan?> _wait = CliOptions.Duration(
        "--wait", "TIME", "How long to wait for a node to read the events, to say which of them failed again.", s_wait);
    private readonly Option<bool> _json = CliOptions.Json();
    private readonly ConfigOption _config;
    private readonly Terminal _terminal;

    private ReplayDlqCommand(Terminal terminal, Command command)
    {
        _terminal = terminal;
        foreach (var option in new Option[] { _topic, _reason, _since, _until, _dryRun, _wait, _json })
        {
            command.Add(option);
        }

        _config = new ConfigOption(terminal, command);
    }

    /// <summary>Makes the command.</summary>
    public static Command Create(Terminal terminal)
    {
        var command = new CliCommand("dlq", "Append the events of dead letters to their topic again, each once.")
        {
            Notes =
            [
                "Run it after the cause is mended: a schema is registered, a rule has changed. Each dead letter's event is checked by " +
                "today's schemas, definitions and rules. One that is good is appended to the partition it came from, with the time of " +
                "now as its record's timestamp; one that is still bad stays where it is. However often the command runs, or is killed, " +
                "each event is appended once: the topic dead-letter-replays has the ledger. A node may run meanwhile. TIME is ISO 8601 " +
                "with an offset, or milliseconds since 1970.",
                "An event that an entity failed on (poison) is not appended, since other entities have counted it: 'streaming replay " +
                "from beginning' brings it in.",
            ],
            Examples =
            [
                "streaming replay dlq --dry-run",
                "streaming replay dlq --topic transactions --reason unknown_schema",
                "streaming replay dlq --since 2026-03-01T00:00:00Z --json",
            ],
        };
        var replay = new ReplayDlqCommand(terminal, command);
        command.SetAction(replay.RunAsync);
        return command;
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellation)
    {
        var filter = new ReplayFilter(
            parsed.GetValue(_topic), parsed.GetValue(_reason), Times.Read(parsed, _since), Times.Read(parsed, _until));
        var settings = _config.Load(parsed);
        DeadLettersCommand.RequireLog(settings);
        var catalog = Definitions.Features(settings.Node.FeaturesDirectory);
        await using var connection = settings.Connect(_terminal.Note);
        using var lease = FileLease.TryTake(connection.ReplayLeaseFile, out _)
            ?? throw new CliFailure(ExitCode.Unreachable, "another replay of dead letters runs on this machine; wait until it has ended");
        var services = new ReplayServices(connection.Log, connection.Registry, catalog, settings.Engine, _terminal.Time);
        using var node = await AdminClient.FindAsync(settings, cancellation);
        var follow = new ReplayFollow(
            services, node is null ? null : async stop => await node.GetAsync<List<DurableMark>>("confirmed", stop));
        var (letters, isRead) = await RunAsync(
            services, follow, filter, parsed.GetValue(_dryRun), parsed.GetValue(_wait) ?? s_wait, cancellation);
        ReplayDlqReport.Print(_terminal, parsed.GetValue(_json), letters, isRead);
        return (int)ExitCode.Ok;
    }

    private async Task<(List<ReplayedLetter> Letters, bool? IsRead)> RunAsync(
        ReplayServices services,
        ReplayFollow follow,
        ReplayFilter filter,
        bool isDry,
        TimeSpan wait,
        CancellationToken cancellation)
    {
        await follow.BeginAsync(cancellation);
        var letters = await ProgressLine.ShowAsync(
            _terminal, "replay", "dead letters", 0, async progress =>
            {
                var done = new List<ReplayedLetter>();
                await foreach (var letter in new DeadLetterReplay(services).RunAsync(filter, isDry, cancellation))
                {
                    done.Add(letter);
                    progress.Report(done.Count, done.Count);
                }

                return done;
            });
        var replayed = letters.Where(letter => letter.Outcome == ReplayOutcome.Replayed).Select(letter => letter.At!.Value).ToList();
        if (replayed.Count == 0)
        {
            return (letters, null);
        }

        var (isRead, failed) = await follow.WaitAsync(replayed, wait, cancellation);
        return ([.. letters.Select(letter => Followed(letter, failed))], isRead);
    }

    private static ReplayedLetter Followed(ReplayedLetter letter, IReadOnlyDictionary<EventPlace, string> failed) =>
        letter.Outcome == ReplayOutcome.Replayed && failed.TryGetValue(letter.At!.Value, out var fault)
            ? letter with { Outcome = ReplayOutcome.FailedAgain, Detail = fault }
            : letter;
}
