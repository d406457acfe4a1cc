using System.CommandLine;
using Streaming.Cli.Clients;
using Streaming.Cli.Settings;
using Streaming.Cli.Shell;
using Streaming.Contracts.Events;
using Streaming.Contracts.Schemas;
using Streaming.Engine.Replays;
using Streaming.Hocon;
using Streaming.Ingest;

namespace Streaming.Cli.Commands;

/// <summary><c>streaming replay dlq</c>.</summary>
internal sealed class ReplayDlqCommand
{
    private static readonly TimeSpan s_wait = TimeSpan.FromSeconds(10);
    private static readonly string[] s_topics =
        [.. EventSchemas.ByTopic.Keys.Where(topic => topic != EventSchemas.DeadLetters).Order(StringComparer.Ordinal)];

    private readonly Option<string?> _topic = CliOptions.Text("--topic", "TOPIC", "Only dead letters of this topic's events.");
    private readonly Option<string?> _reason = CliOptions.Text("--reason", "REASON", "Only dead letters with this reason.");
    private readonly Option<string?> _since = CliOptions.Text(
        "--since", "TIME", "Only events whose record has this timestamp or a later one.");
    private readonly Option<string?> _until = CliOptions.Text(
        "--until", "TIME", "Only events whose record has an earlier timestamp.");
    private readonly Option<bool> _again = CliOptions.Flag(
        "--again", "Also events that were replayed before, and that a node set aside again.");
    private readonly Option<bool> _dryRun = CliOptions.Flag("--dry-run", "Say what would be done, and write nothing.");
    private readonly Option<TimeSpan?> _wait = CliOptions.Duration(
        "--wait", "TIME", "How long to wait for a node to read the events, to say which of them failed again.", s_wait);
    private readonly Option<bool> _json = CliOptions.Json();
    private readonly ConfigOption _config;
    private readonly Terminal _terminal;

    private ReplayDlqCommand(Terminal terminal, Command command)
    {
        _terminal = terminal;
        foreach (var option in new Option[] { _topic, _reason, _since, _until, _again, _dryRun, _wait, _json })
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
                "each event is appended once, also if the node sets it aside again; --again appends such an event once more. The topic " +
                "dead-letter-replays has the ledger. A node may run meanwhile. TIME is ISO 8601 with an offset, or milliseconds since " +
                "1970.",
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
        var filter = Filter(parsed);
        var settings = _config.Load(parsed);
        DeadLettersCommand.RequireLog(settings);
        var catalog = Definitions.Features(settings.Node.FeaturesDirectory);
        await using var connection = settings.Connect(_terminal.Note);
        using var lease = FileLease.TryTake(connection.ReplayLeaseFile, out _)
            ?? throw new CliFailure(ExitCode.Unreachable, "replay dlq: a replay is running on this machine; wait until it has ended");
        var services = new ReplayServices(connection.Log, connection.Registry, catalog, settings.Engine, _terminal.Time);
        using var node = await AdminClient.FindAsync(settings, cancellation);
        var follow = new ReplayFollow(
            services, node is null ? null : async stop => await node.GetAsync<List<DurableMark>>("confirmed", stop));
        var (letters, isRead) = await RunAsync(
            services, follow, filter, parsed.GetValue(_dryRun), parsed.GetValue(_wait) ?? s_wait, cancellation);
        ReplayDlqReport.Print(_terminal, parsed.GetValue(_json), letters, isRead);
        return (int)ExitCode.Ok;
    }

    private ReplayFilter Filter(ParseResult parsed)
    {
        var (since, until) = (Times.Read(parsed, _since), Times.Read(parsed, _until));
        return since >= until
            ? throw new CliFailure(
                ExitCode.Usage,
                $"--until is '{parsed.GetValue(_until)}', expected a time after --since, which is '{parsed.GetValue(_since)}'")
            : new ReplayFilter(OneOf(parsed, _topic, s_topics), OneOf(parsed, _reason, DeadLetterReason.All), since, until)
            {
                IsAgain = parsed.GetValue(_again),
            };
    }

    private static string? OneOf(ParseResult parsed, Option<string?> option, IReadOnlyList<string> words) =>
        parsed.GetValue(option) is not { } given || words.Contains(given)
            ? parsed.GetValue(option)
            : throw new CliFailure(
                ExitCode.Usage,
                $"{option.Name} is '{given}', expected one of {string.Join(", ", words)}" +
                NearestName.Phrase(given, words, lead: null, '\''));

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
