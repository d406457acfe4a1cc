using System.CommandLine;
using System.Net;
using Streaming.Cli.Settings;
using Streaming.Cli.Shell;
using Streaming.Ingest;
using Streaming.Node;
using Streaming.Node.Running;
using Streaming.Simulation.Seeding;

namespace Streaming.Cli.Commands;

/// <summary><c>streaming run</c>.</summary>
internal sealed class RunCommand
{
    private readonly Option<int> _port = CliOptions.Integer(
        "--port", "N", "The HTTP port, instead of the configured one; 0 takes a free one.", -1, 0, 65_535);
    private readonly Option<bool> _withSeed = CliOptions.Flag(
        "--with-seed", "Write simulated transactions, clicks and labels into the log, in this process.");
    private readonly Option<bool> _newGeneration = CliOptions.Flag(
        "--new-generation", "Build all features from the log again, beside the snapshots that there are, which are kept.");
    private readonly SeedWorld _world = new("--seed-");
    private readonly ConfigOption _config;
    private readonly Terminal _terminal;

    private RunCommand(Terminal terminal, Command command)
    {
        _terminal = terminal;
        _port.Description = "The HTTP port; 0 takes a free one. (default: as configured, 8080)";
        command.Add(_port);
        command.Add(_withSeed);
        command.Add(_newGeneration);
        _world.AddTo(command);
        _config = new ConfigOption(terminal, command);
    }

    /// <summary>Makes the command.</summary>
    public static Command Create(Terminal terminal)
    {
        var command = new CliCommand("run", "Run a node: read the log, keep features in memory, score over HTTP.")
        {
            Notes =
            [
                "By default everything is embedded in this process: the event log and the schema registry are in the directory data. " +
                "To run on Kafka and a schema registry, set them in akka.hocon or by KAFKA_BOOTSTRAP_SERVERS and SCHEMA_REGISTRY_URL. " +
                "After a restart the node goes on from its snapshots and reads what came since the last one; GET /health/ready says when " +
                "it is done. The options that " +
                "begin with --seed- are those of 'streaming seed' and need --with-seed. Ctrl-C stops the node; what the log has taken " +
                "stays.",
            ],
            Examples =
            [
                "streaming run",
                "streaming run --with-seed --seed-rate 200",
                "streaming run --port 9000 --config production.hocon",
            ],
        };
        var run = new RunCommand(terminal, command);
        command.SetAction(run.RunAsync);
        return command;
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellation)
    {
        var settings = WithPort(_config.Load(parsed), parsed.GetValue(_port));
        var seed = Seed(parsed);
        try
        {
            var engine = settings.Engine with { IsNewGeneration = parsed.GetValue(_newGeneration) };
            await RunAsync(settings with { Engine = engine }, seed, cancellation);
        }
        catch (NodeStartException error)
        {
            throw new CliFailure(ExitCode.Failed, error.Message, error);
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            // Cancelled while it started, which is not an error.
        }

        return (int)ExitCode.Ok;
    }

    private async Task RunAsync(CliSettings settings, SeedOptions? seed, CancellationToken cancellation)
    {
        // Before anything of this process uses a socket.
        NodeHost.PrepareSockets();
        NodePort.RequireFree(settings.Node.Http.Listen);
        var catalog = Definitions.Features(settings.Node.FeaturesDirectory);
        var (champion, others) = Definitions.Scorers(settings.Node, catalog, _terminal.Time);
        await using var connection = settings.Connect(_terminal.Note);
        await using var snapshots = await settings.OpenSnapshotsAsync(_terminal.Note, cancellation);
        var notes = new SeedProgressNotes(_terminal.Note, _terminal.Time);
        var seeding = Task.CompletedTask;
        var inputs = new NodeInputs(
            settings.Node, settings.Engine, settings.Akka, catalog, champion, connection, snapshots.Slots, _terminal.Time)
        {
            SnapshotsName = snapshots.Name,
            Others = others,
            IsHistoryWritten = seed is null ? null : () => notes.IsHistoryWritten || seeding.IsFaulted,
        };
        await NodeRun.RunAsync(
            inputs,
            url => RunAnnouncement.Print(_terminal, url, seed),
            stop => seeding = seed is null ? Task.CompletedTask : SeedAsync(connection, seed, notes, stop),
            cancellation);
    }

    private Task SeedAsync(EventConnection connection, SeedOptions options, SeedProgressNotes notes, CancellationToken stop) =>
        new SeedSupervisor(
            () => new Seeder(connection, options, _terminal.Time).RunAsync(notes, stop), _terminal.Note, _terminal.Time).RunAsync(stop);

    private SeedOptions? Seed(ParseResult parsed)
    {
        if (parsed.GetValue(_withSeed))
        {
            return _world.Read(parsed);
        }

        return _world.FirstGiven(parsed) is { } option
            ? throw new CliFailure(
                ExitCode.Usage,
                $"run: {option} is for simulated events, which need --with-seed; add that, or leave {option} out; see streaming run " +
                "--help")
            : null;
    }

    private static CliSettings WithPort(CliSettings settings, int port)
    {
        var http = settings.Node.Http;
        return port < 0
            ? settings
            : settings with { Node = settings.Node with { Http = http with { Listen = new IPEndPoint(http.Listen.Address, port) } } };
    }
}
