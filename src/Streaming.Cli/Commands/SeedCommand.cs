using System.CommandLine;
using System.Globalization;
using Streaming.Cli.Settings;
using Streaming.Cli.Shell;
using Streaming.Hocon;
using Streaming.Ingest;
using Streaming.Simulation.Seeding;

namespace Streaming.Cli.Commands;

/// <summary><c>streaming seed</c>.</summary>
internal sealed class SeedCommand
{
    private readonly Option<TimeSpan?> _duration = CliOptions.Duration(
        "--duration", "TIME", "How long to write live events; without it, until Ctrl-C.");
    private readonly Option<bool> _json = CliOptions.Json();
    private readonly SeedWorld _world;
    private readonly ConfigOption _config;
    private readonly Terminal _terminal;

    private SeedCommand(Terminal terminal, Command command)
    {
        _terminal = terminal;
        _world = new SeedWorld("--");
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
                "transaction. Clicks cover the last seven days. Then writes live events at --rate, timed now, with a fifth as many " +
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
                $"{Counted.Of(last.Transactions, "transaction")}, {Counted.Of(last.Clicks, "click")} and " +
                $"{Counted.Of(last.Labels, "label")} written in {seconds:0.0} s"));
        }

        return (int)ExitCode.Ok;
    }
}
