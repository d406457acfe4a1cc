using System.CommandLine;
using System.Globalization;
using Streaming.Cli.Settings;
using Streaming.Cli.Shell;
using Streaming.Hocon;
using Streaming.Ingest;
using Streaming.Simulation.Seeding;

namespace Streaming.Cli.Commands;

/// <summary><c>streaming seed</c>, and the options of <c>streaming run --with-seed</c>.</summary>
internal sealed class SeedCommand
{
    private static readonly SeedOptions s_standard = new();
    private readonly Option<TimeSpan?> _duration = CliOptions.Duration(
        "--duration", "TIME", "How long to write live events; without it, until Ctrl-C.");
    private readonly Option<bool> _json = CliOptions.Json();
    private readonly World _world;
    private readonly ConfigOption _config;
    private readonly Terminal _terminal;

    private SeedCommand(Terminal terminal, Command command)
    {
        _terminal = terminal;
        _world = new World("--");
        _world.AddTo(command);
        command.Add(_duration);
        command.Add(_json);
        _config = new ConfigOption(terminal, command);
    }

    /// <summary>Makes the command.</summary>
    public static Command Create(Terminal terminal)
    {
        var command = new CliCommand("seed", "Write simulated transactions, clicks and labels into the log.")
        {
            Notes =
            [
                "First writes the past (--history) at full speed: all of it into an empty log, else what is missing since the newest " +
                "transaction. Clicks cover the last seven days. Then writes live events at --rate, timed now, with half as many " +
                "clicks. The label of a transaction comes seven days after it. Until then it waits in the topic labels-pending, so " +
                "that it also comes after a restart. Transactions follow the simulator of the Fraud Detection Handbook; " +
                "docs/generators.md has the details.",
            ],
            Examples =
            [
                "streaming seed",
                "streaming seed --rate 1000 --duration 10m --cards 100000",
                "streaming seed --history 60d --rate 0 --json",
            ],
        };
        var seed = new SeedCommand(terminal, command);
        command.SetAction(seed.RunAsync);
        return command;
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellation)
    {
        var options = _world.Read(parsed) with { Duration = parsed.GetValue(_duration) };
        await using var connection = _config.Load(parsed).Connect(_terminal.Note);
        await connection.AdviseAsync(TopicContract.All.Select(topic => topic.EventsOf), _terminal.Note, cancellation);
        var started = _terminal.Time.GetTimestamp();
        var progress = new SeedProgressNotes(_terminal.Note, _terminal.Time);
        try
        {
            await new Seeder(connection, options, _terminal.Time).RunAsync(progress, cancellation);
        }
        catch (OperationCanceledException) when (progress.Last.Phase is SeedPhase.Live)
        {
            // Cancelling is the normal end of live events.
        }

        var last = progress.Last;
        var seconds = _terminal.Time.GetElapsedTime(started).TotalSeconds;
        if (parsed.GetValue(_json))
        {
            Report.Json(_terminal, new { last.Transactions, last.Clicks, last.Labels, Seconds = Math.Round(seconds, 3) });
        }
        else
        {
            _terminal.Out.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{Counted.Of(last.Transactions, "transaction")}, {Counted.Of(last.Clicks, "click")} and {Counted.Of(last.Labels, "label")} " +
                $"written in {seconds:0.0} s"));
        }

        return (int)ExitCode.Ok;
    }

    /// <summary>The options that say what world is simulated.</summary>
    /// <param name="prefix">What its options begin with.</param>
    internal sealed class World(string prefix)
    {
        private readonly Option<int> _cards = CliOptions.Integer(
            prefix + "cards", "N", "Cards, card_0 to card_N-1, and their users.", s_standard.Cards, 1, 1_000_000);
        private readonly Option<int> _terminals = CliOptions.Integer(
            prefix + "terminals", "N", "Terminals.", s_standard.Terminals, 1, 1_000_000);
        private readonly Option<double?> _rate = CliOptions.Number(
            prefix + "rate", "N", "Live transactions a second; 0 writes the history only.", s_standard.Rate);
        private readonly Option<TimeSpan?> _history = CliOptions.Duration(
            prefix + "history", "TIME", "How much history to write first; 0 for none.", s_standard.History);
        private readonly Option<ulong> _seed = CliOptions.Seed(
            prefix == "--"
                ? "--seed"
                : prefix + "world", "N", "The seed of the random numbers; the same number gives the same events.", s_standard.Seed);

        private IEnumerable<Option> All => [_cards, _terminals, _rate, _history, _seed];

        public void AddTo(Command command)
        {
            foreach (var option in All)
            {
                command.Add(option);
            }
        }

        /// <summary>The name of the first of them that is on the command line; null when there is none.</summary>
        public string? FirstGiven(ParseResult parsed) =>
            All.FirstOrDefault(option => parsed.GetResult(option) is { Implicit: false })?.Name;

        public SeedOptions Read(ParseResult parsed) => s_standard with
        {
            Cards = parsed.GetValue(_cards),
            Terminals = parsed.GetValue(_terminals),
            Rate = parsed.GetValue(_rate)!.Value,
            History = parsed.GetValue(_history)!.Value,
            Seed = parsed.GetValue(_seed),
        };
    }
}
