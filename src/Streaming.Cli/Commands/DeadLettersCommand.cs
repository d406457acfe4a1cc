using System.CommandLine;
using System.Globalization;
using Streaming.Cli.Settings;
using Streaming.Cli.Shell;
using Streaming.Contracts.Events;
using Streaming.Engine;
using Streaming.Ingest;
using Streaming.Ingest.DeadLetters;
using Streaming.Node.Settings;

namespace Streaming.Cli.Commands;

/// <summary><c>streaming dead-letters</c>.</summary>
internal sealed class DeadLettersCommand
{
    private readonly Option<int> _limit = CliOptions.Integer("--limit", "N", "How many are shown.", 20, 1, 10_000);
    private readonly Option<bool> _json = CliOptions.Json();
    private readonly ConfigOption _config;
    private readonly Terminal _terminal;

    private DeadLettersCommand(Terminal terminal, Command command)
    {
        _terminal = terminal;
        command.Add(_limit);
        command.Add(_json);
        _config = new ConfigOption(terminal, command);
    }

    /// <summary>Makes the command.</summary>
    public static Command Create(Terminal terminal)
    {
        var command = new CliCommand("dead-letters", "Show the newest events that were set aside, with reason and origin.")
        {
            Notes =
            [
                "Reads the topic dead-letters of the log that the settings name, embedded or Kafka, and changes nothing. TIME is the " +
                "timestamp of the event's record. ORIGIN is its topic, partition and offset, where the unchanged event still is. Card " +
                "numbers are masked.",
            ],
            Examples = ["streaming dead-letters", "streaming dead-letters --limit 100 --json"],
        };
        var letters = new DeadLettersCommand(terminal, command);
        command.SetAction(letters.RunAsync);
        return command;
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellation)
    {
        var settings = _config.Load(parsed);
        RequireLog(settings);
        await using var connection = settings.Connect(_terminal.Note);
        var (newest, total) = await new DeadLetterReader(connection.Log, connection.Registry)
            .ReadAsync(parsed.GetValue(_limit), cancellation);
        var replays = new ReplayLedger(connection.Log);
        await replays.LoadAsync(cancellation);
        if (parsed.GetValue(_json))
        {
            Report.Json(_terminal, new { Total = total, DeadLetters = newest.Select(letter => Body(letter, replays)) });
        }
        else if (newest.Count == 0)
        {
            _terminal.Out.WriteLine("there are no dead letters");
        }
        else
        {
            Report.Table(
                _terminal,
                ["time", "origin", "reason", "detail"],
                newest.Select(
                    letter =>
                        (IReadOnlyList<string>)[letter.Timestamp.ToString(), Origin(letter), letter.Reason, Detail(letter, replays)]));
            _terminal.Out.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{newest.Count:N0} of {total:N0}"));
        }

        return (int)ExitCode.Ok;
    }

    /// <summary>Reading a log must not create one.</summary>
    /// <exception cref="CliFailure">There is none.</exception>
    public static void RequireLog(CliSettings settings)
    {
        var file = LogSettings.Of(settings.Node.Embedded).Path;
        if (!settings.Node.Kafka.IsSet && !File.Exists(file))
        {
            throw new CliFailure(
                ExitCode.Usage,
                $"{file}: there is no log here; start where the node runs, or name its directory or broker (STREAMING_DATA, " +
                "KAFKA_BOOTSTRAP_SERVERS, --config)");
        }
    }

    private static object Body(DeadLetter letter, ReplayLedger replays) => new
    {
        letter.Topic,
        letter.Partition,
        letter.Offset,
        Timestamp = letter.Timestamp.ToString(),
        letter.Reason,
        Detail = Mask.Text(letter.Detail),
        Key = letter.Key is { } key ? Mask.Key(key.Span) : null,
        letter.SchemaId,
        ValueBytes = letter.Value?.Length,
        ReplayOf = replays.OriginOf(PlaceOf(letter)),
        ReplayedAt = ReplayedAt(letter, replays),
    };

    private static string Detail(DeadLetter letter, ReplayLedger replays)
    {
        var of = replays.OriginOf(PlaceOf(letter)) is { } origin ? $"replay of {origin}: " : string.Empty;
        var at = ReplayedAt(letter, replays) is { } replayed ? $"; replayed at {replayed}" : string.Empty;
        return $"{of}{Mask.Text(letter.Detail)}{at}";
    }

    private static string? ReplayedAt(DeadLetter letter, ReplayLedger replays) =>
        replays[PlaceOf(letter)] is { At: { } at } ? (PlaceOf(letter) with { Offset = at }).ToString() : null;

    private static EventPlace PlaceOf(DeadLetter letter) => new(letter.Topic, letter.Partition, letter.Offset);

    private static string Origin(DeadLetter letter) => PlaceOf(letter).ToString();
}
